// A full cycle with the first generation of Alibaba Cloud's SDK for Go, on which the vendor's command line is built: ROA
// signatures without a nonce, JSON bodies under whatever content type.
package main

import (
	"encoding/json"
	"errors"
	"os"
	"strings"

	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/responses"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/cs"

	"sampan.dev/clients/cycle"
)

var client = cycle.Must(cs.NewClientWithAccessKey("cn-beijing", os.Getenv("ACCESS_KEY_ID"), os.Getenv("ACCESS_KEY_SECRET")))

type fields = map[string]any

func ask(request requests.AcsRequest) (fields, error) {
	request.SetDomain(os.Getenv("ENDPOINT"))
	request.SetScheme("http")
	response := responses.NewCommonResponse()
	if err := client.DoAction(request, response); err != nil {
		return nil, err
	}
	var body any
	if err := json.Unmarshal(response.GetHttpContentBytes(), &body); err != nil {
		return nil, err
	}
	object, _ := body.(fields)
	return object, nil
}

func detail(cluster string) (fields, error) {
	request := cs.CreateDescribeClusterDetailRequest()
	request.ClusterId = cluster
	return ask(request)
}

func fails(err error, code string) bool {
	var refused *sdkerrors.ServerError
	return errors.As(err, &refused) && refused.ErrorCode() == code
}

func main() {
	cycle.Step("list")
	list := requests.NewCommonRequest()
	list.Version, list.PathPattern, list.Method = "2015-12-15", "/clusters", "GET"
	list.TransToAcsRequest()
	cycle.Must(ask(list))

	cycle.Step("create")
	create := cs.CreateCreateClusterRequest()
	// The command line's default for a body that does not begin with a brace.
	create.SetContentType("application/octet-stream")
	create.Content = []byte(`
		{"name":"go-old","cluster_type":"ManagedKubernetes","region_id":"cn-beijing","vpcid":"vpc-go-old",
		 "vswitch_ids":["vsw-go-old"],"container_cidr":"172.20.0.0/16","service_cidr":"172.21.0.0/20"}`)
	cluster := cycle.Must(ask(create))["cluster_id"].(string)

	cycle.Step("wait")
	cycle.WaitUntil(func() bool {
		state := cycle.Must(detail(cluster))["state"]
		cycle.Check(state != "failed", state)
		return state == "running"
	})

	cycle.Step("detail")
	cycle.Check(cycle.Must(detail(cluster))["name"] == "go-old", "name")

	cycle.Step("kubeconfig")
	kubeconfig := cs.CreateDescribeClusterUserKubeconfigRequest()
	kubeconfig.ClusterId = cluster
	config, _ := cycle.Must(ask(kubeconfig))["config"].(string)
	cycle.Check(strings.Contains(config, "client-certificate-data"), config)

	cycle.Step("node pools")
	pools := cs.CreateDescribeClusterNodePoolsRequest()
	pools.ClusterId = cluster
	cycle.Check(len(cycle.Must(ask(pools))["nodepools"].([]any)) == 1, "node pools")

	cycle.Step("errors")
	_, err := detail("c" + strings.Repeat("0", 32))
	cycle.Check(fails(err, "ErrorClusterNotFound"), err)

	cycle.Step("delete")
	remove := cs.CreateDeleteClusterRequest()
	remove.ClusterId = cluster
	cycle.Must(ask(remove))

	cycle.Step("gone")
	cycle.WaitUntil(func() bool {
		_, err := detail(cluster)
		cycle.Check(err == nil || fails(err, "ErrorClusterNotFound"), err)
		return err != nil
	})
	cycle.Step("end")
}
