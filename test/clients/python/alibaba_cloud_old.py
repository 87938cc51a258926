"""
A full cycle with the first generation of Alibaba Cloud's SDK for Python (aliyun-python-sdk-core and -cs): ROA signatures
without a nonce, forms or JSON as bodies.
"""

import json
import os

import yaml
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from aliyunsdkcs.request.v20151215.CreateClusterRequest import CreateClusterRequest
from aliyunsdkcs.request.v20151215.DeleteClusterRequest import DeleteClusterRequest
from aliyunsdkcs.request.v20151215.DescribeClusterDetailRequest import DescribeClusterDetailRequest
from aliyunsdkcs.request.v20151215.DescribeClustersRequest import DescribeClustersRequest
from aliyunsdkcs.request.v20151215.DescribeClusterUserKubeconfigRequest import DescribeClusterUserKubeconfigRequest

from cycle import Cycle, wait_until

client = AcsClient(os.environ["ACCESS_KEY_ID"], os.environ["ACCESS_KEY_SECRET"], "cn-beijing", timeout=60, connect_timeout=60)
cycle = Cycle()


def ask(request):
    request.set_endpoint(os.environ["ENDPOINT"])
    request.set_protocol_type("http")
    return json.loads(client.do_action_with_exception(request))


def of_cluster(kind, cluster_id):
    request = kind()
    request.set_ClusterId(cluster_id)
    return request


cycle.step("list")
assert isinstance(ask(DescribeClustersRequest()), list)

cycle.step("create")
request = CreateClusterRequest()
request.set_content_type("application/json")
request.set_content(
    json.dumps(
        {
            "name": "python-old",
            "cluster_type": "ManagedKubernetes",
            "region_id": "cn-beijing",
            "vpcid": "vpc-python-old",
            "vswitch_ids": ["vsw-python-old"],
            "container_cidr": "172.20.0.0/16",
            "service_cidr": "172.21.0.0/20",
        }
    )
)
cluster = ask(request)["cluster_id"]


def detail():
    return ask(of_cluster(DescribeClusterDetailRequest, cluster))


cycle.step("wait")
wait_until(lambda: detail()["state"] == "running", lambda: detail()["state"] == "failed")

cycle.step("detail")
assert detail()["name"] == "python-old", detail()

cycle.step("kubeconfig")
request = of_cluster(DescribeClusterUserKubeconfigRequest, cluster)
# As Python writes it: True, not true.
request.add_query_param("PrivateIpAddress", True)
answer = ask(request)
config = yaml.safe_load(answer["config"])
inner = json.loads(detail()["master_url"])["intranet_api_server_endpoint"]
assert config["clusters"][0]["cluster"]["server"] == inner, config

cycle.step("node pools")
request = CommonRequest(domain=os.environ["ENDPOINT"], version="2015-12-15", uri_pattern=f"/clusters/{cluster}/nodepools")
request.set_method("GET")
assert [pool["nodepool_info"]["name"] for pool in ask(request)["nodepools"]] == ["default-nodepool"]

cycle.step("errors")
cycle.refused(lambda: ask(of_cluster(DescribeClusterDetailRequest, "c" + "0" * 32)), "ErrorClusterNotFound")

cycle.step("form")
# What the request's own setters send is a form, with lists as JSON in its fields.
request = CreateClusterRequest()
request.add_body_params("name", "incomplete")
request.add_body_params("cluster_type", "ManagedKubernetes")
request.add_body_params("num_of_nodes", 1)
request.add_body_params("addons", "[]")
cycle.refused(lambda: ask(request), "InvalidParameter")

cycle.step("delete")
ask(of_cluster(DeleteClusterRequest, cluster))

cycle.step("gone")
wait_until(lambda: cycle.fails(detail, "ErrorClusterNotFound"))
cycle.end()
