package dev.sampan.clients;

import static dev.sampan.clients.Cycle.check;
import static dev.sampan.clients.Cycle.fails;
import static dev.sampan.clients.Cycle.setting;
import static dev.sampan.clients.Cycle.step;

import com.aliyuncs.CommonRequest;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.MethodType;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;

/** The calls that change nothing, with the first generation of Alibaba Cloud's SDK for Java. */
public final class AlibabaCloudCore {
  public static void main(String[] arguments) throws Exception {
    var profile = DefaultProfile.getProfile("cn-beijing", setting("ACCESS_KEY_ID"), setting("ACCESS_KEY_SECRET"));
    var client = new DefaultAcsClient(profile);

    step("list");
    check(client.getCommonResponse(get("/clusters")).getData().startsWith("["), "list");

    step("errors");
    var missing = get("/clusters/c" + "0".repeat(32));
    check(
        fails(
            () -> client.getCommonResponse(missing),
            error -> error instanceof ClientException refused && refused.getErrCode().equals("ErrorClusterNotFound")),
        "found");
    step("end");
    System.exit(0);
  }

  private static CommonRequest get(String path) {
    var request = new CommonRequest();
    request.setSysDomain(setting("ENDPOINT"));
    request.setSysVersion("2015-12-15");
    request.setSysUriPattern(path);
    request.setSysMethod(MethodType.GET);
    request.setSysProtocol(ProtocolType.HTTP);
    return request;
  }
}
