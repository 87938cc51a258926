// A full cycle with the runtime below every SDK of Alibaba Cloud for Go of today (darabonba-openapi), with the signature
// that SIGNATURE names: empty for ACS3-HMAC-SHA256, v2 for ROA's.
package main

import (
	"os"
	"strings"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/dara"

	"sampan.dev/clients/cycle"
)

type fields = map[string]any

func newClient() *openapi.Client {
	config := &utils.Config{
		AccessKeyId:     dara.String(os.Getenv("ACCESS_KEY_ID")),
		AccessKeySecret: dara.String(os.Getenv("ACCESS_KEY_SECRET")),
		Endpoint:        dara.String(os.Getenv("ENDPOINT")),
		Protocol:        dara.String("http"),
		RegionId:        dara.String("cn-beijing"),
		ReadTimeout:     dara.Int(60_000),
	}
	if algorithm := os.Getenv("SIGNATURE"); algorithm != "" {
		config.SignatureAlgorithm = dara.String(algorithm)
	}
	return cycle.Must(openapi.NewClient(config))
}

var client = newClient()

func ask(action, method, path string, body fields) (fields, error) {
	params := &utils.Params{
		Action: dara.String(action), Version: dara.String("2015-12-15"), Protocol: dara.String("HTTP"),
		Pathname: dara.String(path), Method: dara.String(method), AuthType: dara.String("AK"), Style: dara.String("ROA"),
		ReqBodyType: dara.String("json"), BodyType: dara.String("json"),
	}
	request := &utils.OpenApiRequest{}
	if body != nil {
		request.Body = body
	}
	answer, err := client.CallApi(params, request, &dara.RuntimeOptions{})
	if err != nil {
		return nil, err
	}
	object, _ := answer["body"].(fields)
	return object, nil
}

func detail(cluster string) (fields, error) {
	return ask("DescribeClusterDetail", "GET", "/clusters/"+cluster, nil)
}

// The runtime has several types of errors, each with its own way to the API's code; all of them say it.
func fails(err error, code string) bool {
	return err != nil && strings.Contains(err.Error(), "Code: "+code+"\n")
}

func main() {
	cycle.Step("list")
	cycle.Must(ask("DescribeClustersV1", "GET", "/api/v1/clusters", nil))

	cycle.Step("create")
	created := cycle.Must(ask("CreateCluster", "POST", "/clusters", fields{
		"name": "go-alibaba" + os.Getenv("SIGNATURE"), "cluster_type": "ManagedKubernetes", "region_id": "cn-beijing",
		"vpcid": "vpc-go-alibaba" + os.Getenv("SIGNATURE"), "vswitch_ids": []string{"vsw-go-alibaba" + os.Getenv("SIGNATURE")},
		"container_cidr": "172.20.0.0/16", "service_cidr": "172.21.0.0/20",
	}))
	cluster := created["cluster_id"].(string)

	cycle.Step("wait")
	cycle.WaitUntil(func() bool {
		state := cycle.Must(detail(cluster))["state"]
		cycle.Check(state != "failed", state)
		return state == "running"
	})

	cycle.Step("detail")
	cycle.Check(cycle.Must(detail(cluster))["region_id"] == "cn-beijing", "region_id")

	cycle.Step("kubeconfig")
	answer := cycle.Must(ask("DescribeClusterUserKubeconfig", "GET", "/k8s/"+cluster+"/user_config", nil))
	config, _ := answer["config"].(string)
	cycle.Check(strings.Contains(config, "client-certificate-data"), answer)

	cycle.Step("node pools")
	pools := cycle.Must(ask("DescribeClusterNodePools", "GET", "/clusters/"+cluster+"/nodepools", nil))
	cycle.Check(len(pools["nodepools"].([]any)) == 1, pools)

	cycle.Step("errors")
	_, err := detail("c" + strings.Repeat("0", 32))
	cycle.Check(fails(err, "ErrorClusterNotFound"), err)

	cycle.Step("delete")
	cycle.Must(ask("DeleteCluster", "DELETE", "/clusters/"+cluster, nil))

	cycle.Step("gone")
	cycle.WaitUntil(func() bool {
		_, err := detail(cluster)
		cycle.Check(err == nil || fails(err, "ErrorClusterNotFound"), err)
		return err != nil
	})
	cycle.Step("end")
}
