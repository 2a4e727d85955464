/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Who calls whom: what went wrong behind a Service, one call away or two. */
class CallRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    private static String service(String name) {
        return "-10 is services/" + name + " {spec: {selector: {app: '" + name + "'}, clusterIP: '10.0.0."
                + name.length() + "', ports: [{port: 80, targetPort: 8080}]}}\n";
    }

    /** The middle and the far end are rolled out, 20 s one after the other, and then the caller's probe fails. */
    private static String told(int failed, String said) {
        String web = "{image: 'web:1', args: ['--call=http://middle/'], readinessProbe: {periodSeconds: 2,"
                + " failureThreshold: 2}}";
        String middle = "{image: 'middle:%d', args: ['--call=http://end/']}";
        return service("middle") + service("end")
                + "-10 base web " + web + "\n"
                + "-10 base middle " + middle.formatted(1) + "\n"
                + "-10 base end {image: 'end:1'}\n"
                + "20 rollout middle b " + middle.formatted(2) + " ready\n"
                + "25 gone pods/middle-a-x\n"
                + "40 rollout end b {image: 'end:1', args: ['--path=/v2']} ready\n"
                + "45 gone pods/end-a-x\n"
                + failed + " pod web " + web + " unready\n"
                + failed + " event Pod/web-a-x Unhealthy Readiness probe failed: " + said + "\n";
    }

    @Test
    void whatIsCalledByWhatIsCalledIsNamedIfItWasChangedJustThenOnly() throws Exception {
        String error = "HTTP probe failed with statuscode: 502";
        String args = "B end CHANGED spec.template.spec.containers[name=web].args";
        String image = "B middle CHANGED spec.template.spec.containers[name=web].image";
        assertThat(causes(WEB, told(48, error))).containsExactly(args, image);

        assertThat(causes(WEB, told(90, error))).as("long after").containsExactly(image);
        assertThat(causes(WEB, told(48, error).replace("45 gone pods/end-a-x\n", "")))
                .as("others answer, too")
                .containsExactly(image);
        assertThat(links("farther-endpoints", WEB, told(48, "dial tcp 10.0.0.9:8080: connect: connection refused")))
                .as("the container itself does not listen")
                .isEmpty();
    }

    @Test
    void aPortThatTheContainerWasToldInTheSameWriteCountsMoreThanItsDeclarationButNotAnotherNumber() throws Exception {
        String told = service("api").replace("-10 is", "5 made")
                + "-10 base api {image: 'api:1', args: ['--port=8080', '--limit=80800'], ports: [{containerPort:"
                + " 8080}]}\n"
                + "20 rollout api b {image: 'api:1', args: [%s], ports: [{containerPort: 9080}]} ready\n"
                + "21 gone pods/api-a-x\n";
        assertThat(causes("services/api", told.formatted("'--port=9080', '--limit=80800'")))
                .startsWith(
                        "A api CHANGED spec.template.spec.containers[name=web].args[0]",
                        "B api CHANGED spec.template.spec.containers[name=web].ports[containerPort=8080]");

        assertThat(causes("services/api", told.formatted("'--port=8080', '--limit=90800'")))
                .startsWith("A api CHANGED spec.template.spec.containers[name=web].ports[containerPort=8080]")
                .noneMatch(cause -> cause.startsWith("A") && cause.contains("args"));
    }

    private static String readsIt(int failed, String address, String said) {
        return readsIt(failed, address, said, "");
    }

    private static String readsIt(int failed, String address, String said, String others) {
        String web =
                "{image: 'web:1', args: ['--call=http://api/'], readinessProbe: {periodSeconds: 2, failureThreshold:"
                        + " 2}}";
        String api = "{image: 'api:1', envFrom: [{configMapRef: {name: 'endpoints'}}]%s}";
        return service("api") + service("rates") + service("mail")
                + "-20 is configmaps/endpoints {data: {RATES: 'http://rates/', MAIL: 'http://mail/'}}\n"
                + "-10 base web " + web + "\n"
                + "-10 base api " + api.formatted("") + "\n"
                + "10 is configmaps/endpoints {data: {RATES: '" + address + "', MAIL: 'http://mail:80/'}}\n"
                + "20 rollout api b " + api.formatted(others) + " ready\n"
                + "25 gone pods/api-a-x\n"
                + failed + " pod web " + web + " unready\n"
                + failed + " event Pod/web-a-x Unhealthy Readiness probe failed: " + said + "\n";
    }

    @Test
    void anAddressThatThoseWhoAreCalledReadIsProvedIfNobodyAnswersThereAndTheyTookItUpJustThen() throws Exception {
        String error = "HTTP probe failed with statuscode: 502";
        assertThat(links("backend-settings", WEB, readsIt(28, "http://rates:8080/", error)))
                .containsExactly("A endpoints CHANGED data.RATES", "B endpoints CHANGED data.MAIL");

        assertThat(links("backend-settings", WEB, readsIt(28, "http://mail/", error)))
                .as("somebody answers there")
                .containsExactly("B endpoints CHANGED data.RATES", "B endpoints CHANGED data.MAIL");
        assertThat(links("backend-settings", WEB, readsIt(28, "http://rates:8080/", error, ", args: ['--x']")))
                .as("it may be what else was changed")
                .containsExactly("B endpoints CHANGED data.RATES", "B endpoints CHANGED data.MAIL");
        assertThat(links("backend-settings", WEB, readsIt(90, "http://rates:8080/", error)))
                .as("long after")
                .isEmpty();
        assertThat(links("backend-settings", WEB, readsIt(28, "http://rates:8080/", "connect: connection refused")))
                .as("the container itself does not listen")
                .isEmpty();
    }

    @Test
    void aPortThatIsAskedForIsMissedButNotItsName() throws Exception {
        String tale = """
            -20 is services/flags {spec: {selector: {app: 'flags'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
            -20 is services/list {spec: {selector: {app: 'list'}, clusterIP: '10.0.0.8', ports: [{port: 80, targetPort: 8080}]}}
            -10 base web {image: 'web:1', args: ['--call=http://flags%s/', '--list=http://list/']}
            10 is services/flags {spec: {selector: {app: 'flags'}, clusterIP: '10.0.0.7', ports: [{port: 8080, targetPort: 8080}]}}
            10 is services/list {spec: {selector: {app: 'list'}, clusterIP: '10.0.0.8', ports: [{name: 'http', port: 80, targetPort: 8080}]}}
            20 pod web {image: 'web:1', args: ['--call=http://flags%s/', '--list=http://list/']} unready
            20 event Pod/web-a-x Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 502
            """;
        String gone = "flags CHANGED spec.ports[port=80]";
        assertThat(links("service-port", WEB, tale.formatted("", "")))
                .contains("A " + gone)
                .noneMatch(each -> each.contains("list"));
        assertThat(links("service-port", WEB, tale.formatted(":8080", ":8080"))).contains("B " + gone);
    }

    @Test
    void whatTakesLongerSinceIsLikelierThanAnotherImage() throws Exception {
        String slow = "40 rollout end b {image: 'end:2', args: ['--delay=%s']} ready";
        String tale = told(48, "context deadline exceeded")
                .replace("-10 base end {image: 'end:1'}", "-10 base end {image: 'end:1', args: ['--delay=50ms']}")
                .replace("40 rollout end b {image: 'end:1', args: ['--path=/v2']} ready", slow);
        assertThat(causes(WEB, tale.formatted("5s")))
                .startsWith("B end CHANGED spec.template.spec.containers[name=web].args[0]");
        assertThat(causes(
                        WEB,
                        tale.replace("context deadline exceeded", "http: server closed connection")
                                .formatted("5ms")))
                .first()
                .isNotEqualTo("B end CHANGED spec.template.spec.containers[name=web].args[0]");
    }

    @Test
    void howOftenAProbeHasToFailDoesNotMakeItFail() throws Exception {
        String tale = """
            -10 base web {image: 'web:1', args: ['--wait=2s'], readinessProbe: {httpGet: {path: '/'}, %1$s: %2$d}}
            20 rollout web b {image: 'web:1', args: ['--wait=1s'], readinessProbe: {httpGet: {path: '/'}, %1$s: 1}} unready
            24 event Pod/web-b-x Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 502
            """;
        String args = "B web CHANGED spec.template.spec.containers[name=web].args[0]";
        assertThat(causes(WEB, tale.formatted("failureThreshold", 3))).startsWith(args);
        assertThat(causes(WEB, tale.formatted("timeoutSeconds", 3)))
                .startsWith("B web CHANGED spec.template.spec.containers[name=web].readinessProbe.timeoutSeconds");
    }

    @Test
    void anArgumentThatNamesThePortThatIsDeclaredInTheSameWriteCountsMoreThanTheDeclarationButNotAnother()
            throws Exception {
        String told = service("api").replace("-10 is", "5 made")
                + "-10 base api {image: 'api:1', args: ['serve'], ports: [{containerPort: 8080}]}\n"
                + "20 rollout api b {image: 'api:1', args: ['serve', '--port=%d'], ports: [{containerPort: 9080}]}"
                + " ready\n"
                + "21 gone pods/api-a-x\n";
        String args = "A api CHANGED spec.template.spec.containers[name=web].args[1]";
        assertThat(causes("services/api", told.formatted(9080))).startsWith(args);

        assertThat(causes("services/api", told.formatted(9081))).doesNotContain(args);
    }

    /** What answers for a Service, two calls away or one, is told another port, and made anew. */
    private static String toldAPort(String before, String after, String more, int failed) {
        String web = "{image: 'web:1', args: ['--call=http://middle/'], readinessProbe: {periodSeconds: 2,"
                + " failureThreshold: 2}}";
        String end =
                "{image: 'end:1', env: [{name: 'PORT', valueFrom: {configMapKeyRef: {name: 'set', key: '%s'}}}]%s}";
        String key = before.substring(0, before.indexOf(':'));
        return service("middle") + service("end") + service("rates")
                + "-20 is configmaps/set {data: {" + before + "}}\n"
                + "-10 base web " + web + "\n"
                + "-10 base middle {image: 'middle:1', args: ['--call=http://end/']}\n"
                + "-10 base end " + end.formatted(key, "") + "\n"
                + "10 is configmaps/set {data: {" + after + "}}\n"
                + "20 rollout end b " + end.formatted(key, more) + " ready\n"
                + "25 gone pods/end-a-x\n"
                + failed + " pod web " + web + " unready\n"
                + failed
                + " event Pod/web-a-x Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 502\n";
    }

    @Test
    void anotherPortToListenOnIsProvedIfTheServiceSendsToTheOneBeforeButNotWhereOthersListen() throws Exception {
        String moved = "A set CHANGED data.port";
        assertThat(causes(WEB, toldAPort("port: '8080'", "port: '9090'", "", 28)))
                .first()
                .isEqualTo(moved);
        String near = toldAPort("port: '8080'", "port: '9090'", "", 28).replace("http://middle/", "http://end/");
        assertThat(causes(WEB, near)).first().isEqualTo(moved);

        String rule = "backend-port";
        assertThat(links(rule, WEB, toldAPort("ratesPort: '8080'", "ratesPort: '9090'", "", 28)))
                .as("where another Service listens")
                .containsExactly("B set CHANGED data.ratesPort");
        assertThat(links(rule, WEB, toldAPort("rates-port: '8080'", "rates-port: '9090'", "", 28)))
                .containsExactly("B set CHANGED data.rates-port");
        assertThat(links(rule, WEB, toldAPort("size: '8080'", "size: '9090'", "", 28)))
                .as("it may be no port")
                .containsExactly("B set CHANGED data.size");
        assertThat(links(rule, WEB, toldAPort("port: '8080'", "port: '9090'", ", args: ['-x']", 28)))
                .as("it may be what else was changed")
                .containsExactly("B " + moved.substring(2));
        assertThat(links(rule, WEB, toldAPort("port: '8081'", "port: '9090'", "", 28)))
                .as("the Service never sent there")
                .isEmpty();
        assertThat(links(rule, WEB, toldAPort("port: '8080'", "port: 'none'", "", 28)))
                .isEmpty();
        assertThat(links(rule, WEB, toldAPort("port: 'http://rates:8080'", "port: 'http://rates:9090'", "", 28)))
                .as("it is called there")
                .isEmpty();
        String probed = ", readinessProbe: {tcpSocket: {port: 8080}}";
        assertThat(links(rule, WEB, toldAPort("port: '8080'", "port: '9090'", probed, 28)))
                .as("its probe is answered there")
                .isEmpty();
        String named = ", ports: [{name: 'http', containerPort: 8080}], readinessProbe: {tcpSocket: {port: 'http'}}";
        assertThat(links(rule, WEB, toldAPort("port: '8080'", "port: '9090'", named, 28)))
                .as("its probe is answered there, by a name")
                .isEmpty();
        for (String other : List.of("report", "public_port")) {
            assertThat(links(rule, WEB, toldAPort(other + ": '8080'", other + ": '9090'", "", 28)))
                    .as("it is no port, or not the one to listen on")
                    .containsExactly("B set CHANGED data." + other);
        }
        String more = "port: '8080', report: '%d'";
        assertThat(links(rule, WEB, toldAPort(more.formatted(8080), more.formatted(9090), "", 28)))
                .as("nobody reads that key")
                .isEmpty();
        assertThat(links(rule, WEB, toldAPort("port: '8080'", "port: '9090'", "", 90)))
                .as("long after")
                .isEmpty();
    }

    @Test
    void anArgumentWithAnotherPortIsProvedButNotBesideAnotherImage() throws Exception {
        String tale = told(48, "HTTP probe failed with statuscode: 502")
                .replace("-10 base end {image: 'end:1'}", "-10 base end {image: 'end:1', args: ['--listen', ':8080']}")
                .replace("args: ['--path=/v2']", "args: ['--listen', ':9090']");
        assertThat(causes(WEB, tale)).startsWith("A end CHANGED spec.template.spec.containers[name=web].args[1]");

        assertThat(links(
                        "backend-port",
                        WEB,
                        tale.replace("40 rollout end b {image: 'end:1'", "40 rollout end b {image: 'end:2'")))
                .containsExactly("B end CHANGED spec.template.spec.containers[name=web].args[1]");
    }

    /** A StatefulSet's pod is made anew under its name, with another Secret; who calls it is told where by a ConfigMap, or was seen. */
    private static String madeAnew(int failed) {
        String web = "{image: 'web:1', envFrom: [{configMapRef: {name: 'where'}}],"
                + " readinessProbe: {periodSeconds: 2, failureThreshold: 2}}";
        String db = " pods/db-0 {metadata: {uid: '%s', creationTimestamp: '%s', labels: {app: 'db'}, ownerReferences:"
                + " [{apiVersion: 'apps/v1', kind: 'StatefulSet', controller: true, name: 'db', uid: 'u-db'}]},"
                + " status: {conditions: [{type: 'Ready', status: 'True'}]}}\n";
        return service("db")
                + "-20 is configmaps/where {data: {DATABASE: 'db:80'}}\n"
                + "-20 is secrets/login {data: {password: 'b25l'}}\n"
                + "-10 is statefulsets.apps/db {spec: {template: {spec: {containers: [{name: 'db', envFrom:"
                + " [{secretRef: {name: 'login'}}]}]}}}}\n"
                + "-10 base web " + web + "\n"
                + "-8 is" + db.formatted("one", Story.time(-600))
                + "10 is secrets/login {data: {password: 'dHdv'}}\n"
                + "20 gone pods/db-0\n"
                + "21 made" + db.formatted("two", Story.time(21))
                + failed + " pod web " + web + " unready\n"
                + failed
                + " event Pod/web-a-x Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 502\n";
    }

    @Test
    void aPodThatWasMadeAnewUnderItsNameTookUpWhatItReadsButNotLongBefore() throws Exception {
        String password = "B login CHANGED data.password";
        assertThat(links("backend-settings", WEB, madeAnew(25))).containsExactly(password);
        String unnamed = madeAnew(25).replace("'db:80'", "'db'");
        assertThat(links("backend-settings", WEB, unnamed))
                .as("a word alone is no address")
                .isEmpty();
        assertThat(links("backend-settings", WEB, unnamed + "24 seen web-a-x 10.0.0.2\n"))
                .containsExactly(password);
        String dual =
                unnamed.replace("clusterIP: '10.0.0.2'", "clusterIP: '10.0.0.2', clusterIPs: ['10.0.0.2', 'fd00::2']");
        assertThat(links("backend-settings", WEB, dual + "24 seen web-a-x fd00::2\n"))
                .as("by its other address")
                .containsExactly(password);

        assertThat(links("backend-settings", WEB, madeAnew(90))).isEmpty();
    }

    @Test
    void aServiceSomeCallsAwayIsTheCauseIfItWentSoonBeforeOrTheMessageNamesIt() throws Exception {
        String web = "{image: 'web:1', args: ['--call=http://middle/'], readinessProbe: {periodSeconds: 2}}";
        String told = service("middle") + service("end")
                + "-10 base web " + web
                + "\n-10 base middle {image: 'middle:1', args: ['%1$s']}\n20 gone services/end\n"
                + "%2$d pod web " + web + " unready\n"
                + "%2$d event Pod/web-a-x Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 502%3$s\n";
        String end = "B -> SERVICE_GONE end";
        assertThat(links("farther-service", WEB, told.formatted("http://end/", 26, "")))
                .containsExactly(end);
        assertThat(links("farther-service", WEB, told.formatted("http://end/", 100, "")))
                .as("it answered for long without it")
                .isEmpty();
        assertThat(links("farther-service", WEB, told.formatted("-v", 26, ""))).isEmpty();
        assertThat(links(
                        "farther-service", WEB, told.formatted("-v", 26, ": dial tcp 10.0.0.3:80: connection refused")))
                .containsExactly(end);
    }
}
