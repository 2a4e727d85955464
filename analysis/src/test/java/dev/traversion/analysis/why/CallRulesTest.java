/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

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
        String web =
                "{image: 'web:1', args: ['--call=http://middle/'], readinessProbe: {periodSeconds: 2, failureThreshold: 2}}";
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
                + "-10 base api {image: 'api:1', args: ['--port=8080', '--limit=80800'], ports: [{containerPort: 8080}]}\n"
                + "20 rollout api b {image: 'api:1', args: [%s], ports: [{containerPort: 9080}]} ready\n"
                + "21 gone pods/api-a-x\n";
        assertThat(causes("services/api", told.formatted("'--port=9080', '--limit=80800'")))
                .startsWith(
                        "A api CHANGED spec.template.spec.containers[name=web].args[0]",
                        "A api CHANGED spec.template.spec.containers[name=web].ports[containerPort=8080]");

        assertThat(causes("services/api", told.formatted("'--port=8080', '--limit=90800'")))
                .startsWith("A api CHANGED spec.template.spec.containers[name=web].ports[containerPort=8080]")
                .noneMatch(cause -> cause.startsWith("A") && cause.contains("args"));
    }
}
