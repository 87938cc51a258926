package dev.sampan.clients;

import static dev.sampan.clients.Cycle.check;
import static dev.sampan.clients.Cycle.fails;
import static dev.sampan.clients.Cycle.setting;
import static dev.sampan.clients.Cycle.step;
import static dev.sampan.clients.Cycle.waitUntil;

import com.huaweicloud.sdk.cce.v3.CceClient;
import com.huaweicloud.sdk.cce.v3.model.Cluster;
import com.huaweicloud.sdk.cce.v3.model.CertDuration;
import com.huaweicloud.sdk.cce.v3.model.ClusterMetadata;
import com.huaweicloud.sdk.cce.v3.model.ClusterSpec;
import com.huaweicloud.sdk.cce.v3.model.ContainerNetwork;
import com.huaweicloud.sdk.cce.v3.model.CreateClusterRequest;
import com.huaweicloud.sdk.cce.v3.model.CreateKubernetesClusterCertRequest;
import com.huaweicloud.sdk.cce.v3.model.DeleteClusterRequest;
import com.huaweicloud.sdk.cce.v3.model.HostNetwork;
import com.huaweicloud.sdk.cce.v3.model.ListClustersRequest;
import com.huaweicloud.sdk.cce.v3.model.ShowClusterRequest;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import java.util.List;

/** A full cycle with Huawei Cloud's SDK for Java. */
public final class HuaweiCloud {
  public static void main(String[] arguments) throws Exception {
    var credentials =
        new BasicCredentials()
            .withAk(setting("ACCESS_KEY_ID"))
            .withSk(setting("ACCESS_KEY_SECRET"))
            .withProjectId(setting("PROJECT_ID"));
    var client = CceClient.newBuilder().withCredential(credentials).withEndpoints(List.of(setting("URL"))).build();

    step("list");
    client.listClusters(new ListClustersRequest());

    step("create");
    var spec =
        new ClusterSpec()
            .withType(ClusterSpec.TypeEnum.VIRTUALMACHINE)
            .withFlavor("cce.s1.small")
            .withHostNetwork(new HostNetwork().withVpc("vpc-java-huawei").withSubnet("subnet-java-huawei"))
            .withContainerNetwork(
                new ContainerNetwork().withMode(ContainerNetwork.ModeEnum.VPC_ROUTER).withCidr("172.16.0.0/16"));
    var body =
        new Cluster()
            .withKind("Cluster")
            .withApiVersion("v3")
            .withMetadata(new ClusterMetadata().withName("java-huawei"))
            .withSpec(spec);
    var cluster = client.createCluster(new CreateClusterRequest().withBody(body)).getMetadata().getUid();
    var show = new ShowClusterRequest().withClusterId(cluster);

    step("wait");
    waitUntil(
        () -> {
          var phase = client.showCluster(show).getStatus().getPhase();
          check(!phase.equals("Error"), phase);
          return phase.equals("Available");
        });

    step("detail");
    check(client.showCluster(show).getMetadata().getName().equals("java-huawei"), "name");

    step("certificate");
    var certificate =
        client.createKubernetesClusterCert(
            new CreateKubernetesClusterCertRequest()
                .withClusterId(cluster)
                .withBody(new CertDuration().withDuration(1)));
    check(!certificate.getUsers().isEmpty() && !certificate.getClusters().isEmpty(), certificate);

    step("errors");
    var missing = new ShowClusterRequest().withClusterId("00000000-0000-0000-0000-000000000000");
    check(fails(() -> client.showCluster(missing), HuaweiCloud::isMissing), "found");

    step("delete");
    client.deleteCluster(new DeleteClusterRequest().withClusterId(cluster));

    step("gone");
    waitUntil(() -> fails(() -> client.showCluster(show), HuaweiCloud::isMissing));
    step("end");
    System.exit(0);
  }

  private static boolean isMissing(Exception error) {
    return error instanceof ServiceResponseException refused && refused.getErrorCode().equals("CCE_CM.0003");
  }
}
