"""A full cycle with the SDK of Alibaba Cloud for Python of today (alibabacloud-cs20151215, signature ACS3-HMAC-SHA256)."""

import os

import yaml
from alibabacloud_cs20151215 import models
from alibabacloud_cs20151215.client import Client
from alibabacloud_tea_openapi.models import Config

from cycle import Cycle, wait_until

client = Client(
    Config(
        access_key_id=os.environ["ACCESS_KEY_ID"],
        access_key_secret=os.environ["ACCESS_KEY_SECRET"],
        endpoint=os.environ["ENDPOINT"],
        protocol="http",
        region_id="cn-beijing",
        read_timeout=60_000,
        connect_timeout=60_000,
    )
)
cycle = Cycle()

cycle.step("list")
client.describe_clusters_v1(models.DescribeClustersV1Request(page_size=10))

cycle.step("create")
created = client.create_cluster(
    models.CreateClusterRequest(
        name="python-alibaba",
        cluster_type="ManagedKubernetes",
        region_id="cn-beijing",
        vpcid="vpc-python",
        vswitch_ids=["vsw-python"],
        container_cidr="172.20.0.0/16",
        service_cidr="172.21.0.0/20",
        addons=[models.Addon(name="flannel")],
        snat_entry=False,
    )
).body
cluster = created.cluster_id


def detail():
    return client.describe_cluster_detail(cluster).body


cycle.step("wait")
wait_until(lambda: detail().state == "running", lambda: detail().state == "failed")
assert client.describe_task_info(created.task_id).body.state == "success"

cycle.step("detail")
assert detail().name == "python-alibaba", detail()

cycle.step("kubeconfig")
wish = models.DescribeClusterUserKubeconfigRequest(private_ip_address=True)
config = yaml.safe_load(client.describe_cluster_user_kubeconfig(cluster, wish).body.config)
assert config["clusters"][0]["cluster"]["server"].startswith("https://"), config

cycle.step("node pools")
pools = client.describe_cluster_node_pools(cluster, models.DescribeClusterNodePoolsRequest()).body.nodepools
assert [pool.nodepool_info.name for pool in pools] == ["default-nodepool"], pools

cycle.step("errors")
cycle.refused(lambda: client.describe_cluster_detail("c" + "0" * 32), "ErrorClusterNotFound")
cycle.refused(lambda: client.create_cluster(models.CreateClusterRequest(name="incomplete")), "InvalidParameter")

cycle.step("delete")
client.delete_cluster(cluster, models.DeleteClusterRequest())

cycle.step("gone")
wait_until(lambda: cycle.fails(detail, "ErrorClusterNotFound"))
cycle.end()
