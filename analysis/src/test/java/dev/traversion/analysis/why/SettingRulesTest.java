/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** One of several settings of a template that were changed together. */
class SettingRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String CONTAINER = " web CHANGED spec.template.spec.containers[name=web]";

    private static String status(String message) {
        return "{phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated:"
                + " {exitCode: 1, reason: 'Error', message: '" + message + "', finishedAt: '2026-02-02T02:40:30Z'}}}]}";
    }

    @Test
    void aFileThatIsMissedByAPathFromTheFolderOfTheContainerIsLedBackToThat() throws Exception {
        String spec = "containers: [{name: 'web', workingDir: '%s', image: '%s'}]";
        String before = spec.formatted("/srv", "web:1");
        String after = spec.formatted("/var", "web:2");
        assertThat(causes(WEB, rollout(before, after, status("open conf/a.env: no such file or directory"))))
                .containsExactly("B" + CONTAINER + ".workingDir", "B" + CONTAINER + ".image");
        assertThat(causes(WEB, rollout(before, after, status("open /etc/a.env: no such file or directory")))
                        .getFirst())
                .as("a whole path")
                .isEqualTo("B" + CONTAINER + ".image");
    }

    @Test
    void sourcesOfVariablesInAnotherOrderComeBeforeTheImageIfTheMessageHasTheValueThatWent() throws Exception {
        String spec =
                "containers: [{name: 'web', image: '%s', envFrom: [{configMapRef: {name: '%s'}}, {configMapRef: {name: '%s'}}]}]";
        String maps = "-20 is configmaps/all {data: {PORT: '8080'}}\n-20 is configmaps/own {data: {PORT: '9191'}}\n";
        String tale = maps
                + rollout(
                        spec.formatted("web:1", "all", "own"),
                        spec.formatted("web:2", "own", "all"),
                        status("dial 10.0.0.9:%s: connection refused"));
        String sources = CONTAINER + ".envFrom[%d].configMapRef.name";
        assertThat(causes(WEB, tale.formatted("9191")))
                .startsWith("B" + sources.formatted(0), "B" + sources.formatted(1));
        assertThat(causes(WEB, tale.formatted("9090")).getFirst()).isEqualTo("B" + CONTAINER + ".image");
    }

    @Test
    void anAmountInSmallerUnitsIsWhyAContainerThatTakesAsMuchIsKilled() throws Exception {
        String spec =
                "containers: [{name: 'web', env: [{name: 'MIB', valueFrom: {resourceFieldRef: {resource: 'limits.memory',"
                        + " divisor: '%s'}}}]}]";
        String killed = status("").replace("'Error'", "'OOMKilled'");
        assertThat(links("demand", WEB, rollout(spec.formatted("1Mi"), spec.formatted("1Ki"), killed)))
                .containsExactly("B" + CONTAINER + ".env[name=MIB].valueFrom.resourceFieldRef.divisor");
    }

    @Test
    void anImageThatTheNodeHasIsMissedOnlySinceItIsToBePulledAlways() throws Exception {
        String spec = "nodeName: 'n1', containers: [{name: 'web', image: 'web:%d', imagePullPolicy: '%s'}]";
        String node = "-20 is nodes/n1 {spec: {}, status: {images: [{names: ['%s']}]}}\n";
        String waits =
                "{phase: 'Pending', containerStatuses: [{name: 'web', state: {waiting: {reason: 'ErrImagePull', message: 'web:2'}}}]}";
        String tale = rollout(spec.formatted(1, "IfNotPresent"), spec.formatted(2, "Always"), waits);
        assertThat(causes(WEB, node.formatted("web:2") + tale).getFirst())
                .isEqualTo("A" + CONTAINER + ".imagePullPolicy");
        assertThat(causes(WEB, node.formatted("web:1") + tale).getFirst())
                .as("the node does not have it")
                .isEqualTo("B" + CONTAINER + ".image");
    }

    @Test
    void aProbeThatHasToSucceedMoreOftenThanThereWasTimeForIsProved() throws Exception {
        String spec =
                "containers: [{name: 'web', image: '%s', readinessProbe: {periodSeconds: 2, successThreshold: %d}}]";
        String runs =
                "{phase: 'Running', conditions: [{type: 'Ready', status: 'False'}], containerStatuses: [{name: 'web', ready: false,"
                        + " state: {running: {startedAt: '" + Story.time(22) + "'}}}]}";
        assertThat(causes(WEB, rollout(spec.formatted("web:1", 1), spec.formatted("web:2", 200), runs))
                        .getFirst())
                .isEqualTo("A" + CONTAINER + ".readinessProbe.successThreshold");
        assertThat(causes(WEB, rollout(spec.formatted("web:1", 1), spec.formatted("web:2", 3), runs))
                        .getFirst())
                .as("there was time enough")
                .isEqualTo("B" + CONTAINER + ".image");
    }

    @Test
    void whatSomebodyWhoIsAskedSaysIsLedBackToWhatWasChangedOfIts() throws Exception {
        String db = "{image: '%s', args: ['--call=%s']}";
        String web = "{image: 'web:1', args: ['--call=http://db/']}";
        String tale = "-20 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}\n-10 base web " + web
                + "\n-10 base db " + db.formatted("db:1", "http://disk/") + "\n20 rollout db b "
                + db.formatted("db:2", "http://dsik/") + " ready\n25 gone pods/db-a-x\n40 pod web " + web
                + " crashed Error %s\n";
        String said = "http://db/ answered 502: db: lookup dsik: no such host";
        assertThat(causes(WEB, tale.formatted(said)).getFirst())
                .isEqualTo("B db CHANGED spec.template.spec.containers[name=web].args[0]");
        assertThat(links("relayed-error", WEB, tale.formatted(said))).containsExactly("A -> ANSWERS_ERRORS db-b-x");
        assertThat(links("relayed-error", WEB, tale.formatted("http://db/ answered 404: no such page")))
                .isEmpty();
        String probed = tale.replace("crashed Error %s", "unready")
                + "40 event Pod/web-a-x Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 502\n";
        assertThat(links("relayed-error", WEB, probed + "39 logged db-b-x cannot look up dsik\n"))
                .containsExactly("B -> ANSWERS_ERRORS db-b-x");
        assertThat(links("relayed-error", WEB, probed + "39 logged db-b-x it is all well\n"))
                .isEmpty();
    }

    @Test
    void aPodThatWasTakenOverAndDeletedIsLedBackToWhatSelectsIt() throws Exception {
        String owner =
                "ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'spare', uid: 'u-spare'}]";
        String tale = """
                -20 is services/broker {spec: {selector: {app: 'b'}}}
                -10 is pods/broker {metadata: {labels: {app: 'b'}}, spec: {containers: []}}
                -10 base web {args: ['--call=http://broker/']}
                20 made replicasets.apps/spare {spec: {replicas: 0, selector: {matchLabels: {app: 'b'}}}}
                21 is pods/broker {metadata: {labels: {app: 'b'}%s}, spec: {containers: []}}
                22 gone pods/broker
                30 pod web {args: ['--call=http://broker/']} crashed Error dial broker: refused
                """;
        assertThat(candidates(WEB, tale.formatted(", " + owner)))
                .contains("C spare CREATED")
                .doesNotContain("C broker DELETED");
        assertThat(candidates(WEB, tale.formatted(""))).contains("C broker DELETED");
    }

    @Test
    void ofSeveralLabelsOnlyTheOneThatAServiceSelectsByIsProved() throws Exception {
        String pod =
                "spec: {template: {metadata: {labels: {app: 'db', tier: '%s', cost: '%s'}}, spec: {containers: [{name: 'db'}]}}}";
        String tale = "-20 is services/db {spec: {selector: {tier: 'one'}}}\n-10 is deployments.apps/db {"
                + pod.formatted("one", "1")
                + "}\n-9 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints:"
                + " [{addresses: ['10.0.0.1'], conditions: {ready: true}}]}\n20 is deployments.apps/db {"
                + pod.formatted("two", "2")
                + "}\n30 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: []}\n";
        assertThat(links("service-selector", "services/db", tale))
                .containsExactlyInAnyOrder(
                        "A db CHANGED spec.template.metadata.labels.tier",
                        "B db CHANGED spec.template.metadata.labels.cost");
    }

    @Test
    void aVariableThatIsAnAmountOfTheContainersResourcesIsOtherSinceThatIs() throws Exception {
        String spec =
                "containers: [{name: 'web', resources: {%s: {cpu: '%d', memory: '64Mi'}}, env: [{name: 'N', valueFrom:"
                        + " {resourceFieldRef: {resource: '%s'}}}]}]";
        String killed = status("").replace("'Error'", "'OOMKilled'");
        String limits = "limits";
        String cpu = "limits.cpu";
        assertThat(links(
                        "environment",
                        WEB,
                        rollout(spec.formatted(limits, 1, cpu), spec.formatted(limits, 8, cpu), killed)))
                .containsExactly("B" + CONTAINER + ".resources.limits.cpu");

        String memory = "limits.memory";
        assertThat(links(
                        "environment",
                        WEB,
                        rollout(spec.formatted(limits, 1, memory), spec.formatted(limits, 8, memory), killed)))
                .as("it is made of another amount")
                .isEmpty();
        String requests = "requests";
        assertThat(links(
                        "environment",
                        WEB,
                        rollout(spec.formatted(requests, 1, cpu), spec.formatted(requests, 8, cpu), killed)))
                .as("it is what it asks for that was changed")
                .isEmpty();
    }

    @Test
    void aFieldThatAMessageNamesComesBeforeOthersOfTheSpec() throws Exception {
        String spec = "%scontainers: [{name: 'web'}]";
        String rejected =
                "{phase: 'Failed', reason: 'PodOSNotSupported', message: \"Pod was rejected: Failed to admit pod as"
                        + " the %s field doesn't match node OS\"}";
        String after = "enableServiceLinks: false, os: {name: 'windows'}, ";
        String tale = rollout(spec.formatted(""), spec.formatted(after), rejected);
        String os = "web CHANGED spec.template.spec.os";
        String links = "web CHANGED spec.template.spec.enableServiceLinks";
        assertThat(links("template-change", WEB, tale.formatted("OS")))
                .containsExactlyInAnyOrder("B " + os, "C " + links);
        assertThat(links("template-change", WEB, tale.formatted("BIOS")))
                .as("another field")
                .containsExactlyInAnyOrder("C " + os, "C " + links);
    }

    @Test
    void aMessageThatHasTheValueOfAFieldIsAboutThatField() throws Exception {
        String told =
                "-10 base web {image: 'web:1', terminationMessagePath: '/dev/log'}\n20 rollout web b {image: 'web:2',"
                        + " terminationMessagePath: '/etc/web/words'} waiting RunContainerError error mounting to rootfs at \"%s\"\n";
        String container = "B web CHANGED spec.template.spec.containers[name=web].";
        assertThat(causes(WEB, told.formatted("/etc/web/words"))).startsWith(container + "terminationMessagePath");
        assertThat(causes(WEB, told.formatted("/etc/web/other"))).startsWith(container + "image");
    }

    @Test
    void whereAnAddressIsNoneASecretThatNobodyCanReadIsLikelierThanAnotherImage() throws Exception {
        String secret = "is secrets/feed {data: {ACTOR_CALL: '%s', FEED_USER: '%1$s'}}\n";
        String reads = "{image: 'web:%d', envFrom: [{secretRef: {name: 'feed'}}]}";
        String told = "-20 " + secret.formatted("x") + "-10 base web " + reads.formatted(1) + "\n10 "
                + secret.formatted("y") + "20 rollout web b " + reads.formatted(2) + " crashed Error Get \"xy\": %s\n";
        assertThat(causes(WEB, told.formatted("unsupported protocol scheme")))
                .startsWith("B feed CHANGED data.ACTOR_CALL");
        assertThat(causes(WEB, told.formatted("no answer")))
                .startsWith("B web CHANGED spec.template.spec.containers[name=web].image");
    }

    @Test
    void aFileWhoseLineThatAMessageQuotesIsAsItWasIsLessLikelyThanTheArgumentThatNamesIt() throws Exception {
        String map = "is configmaps/rules {data: {'rules.conf': 'campaign=sale\\ncap=%s\\n'}}\n";
        String reads =
                "{image: 'web:1', args: ['--config=/etc/rules.conf', '--require=campaign%s'], envFrom: [{configMapRef: {name:"
                        + " 'rules'}}]}";
        String told = "-20 " + map.formatted("40") + "-10 base web " + reads.formatted("") + "\n10 "
                + map.formatted("25") + "20 rollout web b " + reads.formatted(":int")
                + " crashed Error /etc/rules.conf: %s is not a number\n";
        assertThat(causes(WEB, told.formatted("\"campaign\"")))
                .startsWith("B web CHANGED spec.template.spec.containers[name=web].args[1]");
        assertThat(causes(WEB, told.formatted("\"cap\""))).startsWith("B rules CHANGED data[\"rules.conf\"]");
    }
}
