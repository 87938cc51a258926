// A full cycle with Huawei Cloud's SDK for Go.
package main

import (
	"errors"
	"os"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	cce "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/cce/v3"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/cce/v3/model"

	"sampan.dev/clients/cycle"
)

func newClient() *cce.CceClient {
	credentials := cycle.Must(basic.NewCredentialsBuilder().
		WithAk(os.Getenv("ACCESS_KEY_ID")).WithSk(os.Getenv("ACCESS_KEY_SECRET")).WithProjectId(os.Getenv("PROJECT_ID")).
		SafeBuild())
	return cce.NewCceClient(cycle.Must(cce.CceClientBuilder().
		WithEndpoints([]string{os.Getenv("URL")}).WithCredential(credentials).SafeBuild()))
}

var client = newClient()

func show(cluster string) (*model.ShowClusterResponse, error) {
	return client.ShowCluster(&model.ShowClusterRequest{ClusterId: cluster})
}

func isMissing(err error) bool {
	var refused *sdkerr.ServiceResponseError
	return errors.As(err, &refused) && refused.StatusCode == 404 && refused.ErrorCode == "CCE_CM.0003"
}

func main() {
	cycle.Step("list")
	cycle.Must(client.ListClusters(&model.ListClustersRequest{}))

	cycle.Step("create")
	kind, flavor, cidr := model.GetClusterSpecTypeEnum().VIRTUAL_MACHINE, "cce.s1.small", "172.16.0.0/16"
	created := cycle.Must(client.CreateCluster(&model.CreateClusterRequest{Body: &model.Cluster{
		Kind:       "Cluster",
		ApiVersion: "v3",
		Metadata:   &model.ClusterMetadata{Name: "go-huawei"},
		Spec: &model.ClusterSpec{
			Type:             &kind,
			Flavor:           &flavor,
			HostNetwork:      &model.HostNetwork{Vpc: "vpc-go-huawei", Subnet: "subnet-go-huawei"},
			ContainerNetwork: &model.ContainerNetwork{Mode: model.GetContainerNetworkModeEnum().VPC_ROUTER, Cidr: &cidr},
		},
	}}))
	cluster := *created.Metadata.Uid

	cycle.Step("wait")
	cycle.WaitUntil(func() bool {
		phase := *cycle.Must(show(cluster)).Status.Phase
		cycle.Check(phase != "Error", phase)
		return phase == "Available"
	})

	cycle.Step("detail")
	cycle.Check(cycle.Must(show(cluster)).Metadata.Name == "go-huawei", "name")

	cycle.Step("certificate")
	days := int32(1)
	certificate := cycle.Must(client.CreateKubernetesClusterCert(&model.CreateKubernetesClusterCertRequest{
		ClusterId: cluster, Body: &model.ClusterCertDuration{Duration: &days},
	}))
	cycle.Check(len(*certificate.Users) > 0 && len(*certificate.Clusters) > 0, certificate)

	cycle.Step("errors")
	_, err := show("00000000-0000-0000-0000-000000000000")
	cycle.Check(isMissing(err), err)

	cycle.Step("delete")
	cycle.Must(client.DeleteCluster(&model.DeleteClusterRequest{ClusterId: cluster}))

	cycle.Step("gone")
	cycle.WaitUntil(func() bool {
		_, err := show(cluster)
		cycle.Check(err == nil || isMissing(err), err)
		return err != nil
	})
	cycle.Step("end")
}
