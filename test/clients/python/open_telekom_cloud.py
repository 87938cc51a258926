"""
A full cycle with OpenStack's SDK and the extensions of Open Telekom Cloud (otcextensions): a token by password, whose
catalogue says where CCE is, and the certificate by GET.
"""

import os

import openstack
from otcextensions import sdk

from cycle import Cycle, wait_until

connection = openstack.connect(
    auth_url=f"{os.environ['URL']}/v3",
    username=os.environ["USER_NAME"],
    password=os.environ["USER_PASSWORD"],
    user_domain_name=os.environ["DOMAIN_NAME"],
    project_id=os.environ["PROJECT_ID"],
    region_name=os.environ["REGION"],
)
sdk.register_otc_extensions(connection)
cce = connection.cce
cycle = Cycle()

cycle.step("list")
list(cce.clusters())

cycle.step("create")
cluster = cce.create_cluster(
    kind="cluster",
    apiVersion="v3",
    metadata={"name": "python-otc"},
    spec={
        "type": "VirtualMachine",
        "flavor": "cce.s1.small",
        "hostNetwork": {"vpc": "vpc-python-otc", "subnet": "subnet-python-otc"},
        "containerNetwork": {"mode": "vpc-router", "cidr": "172.17.0.0/16"},
    },
)


def show():
    return cce.get_cluster(cluster.id)


cycle.step("wait")
wait_until(lambda: show().status.status == "Available", lambda: show().status.status == "Error")

cycle.step("detail")
assert show().name == "python-otc", show()

cycle.step("certificate")
certificate = cce.get_cluster_certificates(cluster.id)
assert certificate.context, certificate

cycle.step("errors")
try:
    cce.get_cluster("00000000-0000-0000-0000-000000000000")
    raise AssertionError("A cluster that is not there was found.")
except openstack.exceptions.NotFoundException:
    pass

cycle.step("delete")
cce.delete_cluster(cluster.id)


def gone():
    try:
        show()
    except openstack.exceptions.NotFoundException:
        return True
    return False


cycle.step("gone")
wait_until(gone)
cycle.end()
