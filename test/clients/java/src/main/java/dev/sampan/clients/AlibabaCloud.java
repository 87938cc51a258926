package dev.sampan.clients;

import static dev.sampan.clients.Cycle.check;
import static dev.sampan.clients.Cycle.fails;
import static dev.sampan.clients.Cycle.setting;
import static dev.sampan.clients.Cycle.step;
import static dev.sampan.clients.Cycle.waitUntil;

import com.aliyun.cs20151215.Client;
import com.aliyun.cs20151215.models.CreateClusterRequest;
import com.aliyun.cs20151215.models.DeleteClusterRequest;
import com.aliyun.cs20151215.models.DescribeClusterUserKubeconfigRequest;
import com.aliyun.cs20151215.models.DescribeClustersV1Request;
import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.models.Config;
import java.util.List;

/** A full cycle with the SDK of Alibaba Cloud for Java of today. */
public final class AlibabaCloud {
  public static void main(String[] arguments) throws Exception {
    var config = new Config();
    config.setAccessKeyId(setting("ACCESS_KEY_ID"));
    config.setAccessKeySecret(setting("ACCESS_KEY_SECRET"));
    config.setEndpoint(setting("ENDPOINT"));
    config.setProtocol("http");
    config.setRegionId("cn-beijing");
    config.setReadTimeout(60_000);
    config.setConnectTimeout(60_000);
    var client = new Client(config);

    step("list");
    client.describeClustersV1(new DescribeClustersV1Request());

    step("create");
    var request = new CreateClusterRequest();
    request.setName("java-alibaba");
    request.setClusterType("ManagedKubernetes");
    request.setRegionId("cn-beijing");
    request.setVpcid("vpc-java");
    request.setVswitchIds(List.of("vsw-java"));
    request.setContainerCidr("172.20.0.0/16");
    request.setServiceCidr("172.21.0.0/20");
    var cluster = client.createCluster(request).getBody().getClusterId();

    step("wait");
    waitUntil(
        () -> {
          var state = client.describeClusterDetail(cluster).getBody().getState();
          check(!state.equals("failed"), state);
          return state.equals("running");
        });

    step("detail");
    check(client.describeClusterDetail(cluster).getBody().getName().equals("java-alibaba"), "name");

    step("kubeconfig");
    var answer = client.describeClusterUserKubeconfig(cluster, new DescribeClusterUserKubeconfigRequest());
    check(answer.getBody().getConfig().contains("client-certificate-data"), answer);

    step("node pools");
    var pools = client.describeClusterNodePools(cluster);
    check(pools.getBody().getNodepools().size() == 1, pools);

    step("errors");
    check(fails(() -> client.describeClusterDetail("c" + "0".repeat(32)), AlibabaCloud::isMissing), "found");

    step("delete");
    client.deleteCluster(cluster, new DeleteClusterRequest());

    step("gone");
    waitUntil(() -> fails(() -> client.describeClusterDetail(cluster), AlibabaCloud::isMissing));
    step("end");
    System.exit(0);
  }

  private static boolean isMissing(Exception error) {
    return error instanceof TeaException refused && refused.getCode().equals("ErrorClusterNotFound");
  }
}
