"""A full cycle with Huawei Cloud's SDK for Python (huaweicloudsdkcce), which signs with SDK-HMAC-SHA256."""

import os

import yaml
from huaweicloudsdkcce.v3 import (
    CceClient,
    Cluster,
    ClusterMetadata,
    ClusterSpec,
    ContainerNetwork,
    CreateClusterRequest,
    CreateKubernetesClusterCertRequest,
    ClusterCertDuration,
    DeleteClusterRequest,
    HostNetwork,
    ListClustersRequest,
    ShowClusterRequest,
    ShowJobRequest,
)
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.http.http_config import HttpConfig

from cycle import Cycle, wait_until

config = HttpConfig.get_default_config()
config.timeout = (60, 60)
client = (
    CceClient.new_builder()
    .with_http_config(config)
    .with_credentials(
        BasicCredentials(os.environ["ACCESS_KEY_ID"], os.environ["ACCESS_KEY_SECRET"], os.environ["PROJECT_ID"])
    )
    .with_endpoint(os.environ["URL"])
    .build()
)
cycle = Cycle()

cycle.step("list")
client.list_clusters(ListClustersRequest())

cycle.step("create")
created = client.create_cluster(
    CreateClusterRequest(
        body=Cluster(
            kind="Cluster",
            api_version="v3",
            metadata=ClusterMetadata(name="python-huawei"),
            spec=ClusterSpec(
                type="VirtualMachine",
                flavor="cce.s1.small",
                host_network=HostNetwork(vpc="vpc-python-huawei", subnet="subnet-python-huawei"),
                container_network=ContainerNetwork(mode="vpc-router", cidr="172.16.0.0/16"),
            ),
        )
    )
)
cluster = created.metadata.uid


def show():
    return client.show_cluster(ShowClusterRequest(cluster_id=cluster))


cycle.step("wait")
wait_until(lambda: show().status.phase == "Available", lambda: show().status.phase == "Error")
assert client.show_job(ShowJobRequest(job_id=created.status.job_id)).status.phase == "Success"

cycle.step("detail")
assert show().metadata.name == "python-huawei", show()

cycle.step("certificate")
answer = client.create_kubernetes_cluster_cert(
    CreateKubernetesClusterCertRequest(cluster_id=cluster, body=ClusterCertDuration(duration=1))
)
assert answer.current_context in [context.name for context in answer.contexts], answer
assert yaml.safe_load(str(answer)) is not None

cycle.step("errors")
cycle.refused(lambda: client.show_cluster(ShowClusterRequest(cluster_id="0" * 8 + "-0000" * 3 + "-" + "0" * 12)), "CCE_CM.0003")

cycle.step("delete")
client.delete_cluster(DeleteClusterRequest(cluster_id=cluster))

cycle.step("gone")
wait_until(lambda: cycle.fails(show, "CCE_CM.0003"))
cycle.end()
