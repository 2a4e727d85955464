/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a container reads against what else its pods were made anew with. */
class ConfigRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String READS = ", envFrom: [{configMapRef: {name: 'settings'}}]";

    private static final String SERVICES = """
        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
        -10 is services/db-blue {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.8', ports: [{port: 80, targetPort: 8080}]}}
        """;

    private static String settings(int second, String upstream) {
        return second + " is configmaps/settings {data: {'app.properties': 'UPSTREAM=" + upstream + "'}}\n";
    }

    private static String image(String name, String image, String status) {
        return "40 rollout " + name + " b {image: '" + image + "'" + READS + "} " + status + "\n";
    }

    private static String base(String name) {
        return "-10 base " + name + " {image: 'web:1'" + READS + "}\n";
    }

    @Test
    void aSettingThatNamesNoServiceCountsMoreThanAnImageButNotOneThatNamesAnother() throws Exception {
        String told = SERVICES + base("web") + settings(-10, "http://db/") + settings(20, "http://db-blue/");
        String crashes = image("web", "web:2", "crashed Error bad gateway");
        assertThat(causes(WEB, told + settings(30, "http://db-green/") + crashes))
                .startsWith(
                        "B settings CHANGED data[\"app.properties\"]",
                        "B web CHANGED spec.template.spec.containers[name=web].image");
        String unknown = image("web", "web:2", "crashed Error lookup db-green: no such host");
        assertThat(causes(WEB, told + settings(30, "http://db-green/") + unknown))
                .first()
                .isEqualTo("A settings CHANGED data[\"app.properties\"]");

        assertThat(causes(WEB, told + crashes))
                .startsWith("B web CHANGED spec.template.spec.containers[name=web].image");
        assertThat(causes(WEB, told + settings(30, "http://localhost:9000/") + crashes))
                .as("whoever shares the pod may listen there")
                .startsWith("B web CHANGED spec.template.spec.containers[name=web].image");
        assertThat(causes(WEB, told + settings(30, "http://db-green/") + settings(35, "http://db/") + crashes))
                .as("it was put back")
                .startsWith("B web CHANGED spec.template.spec.containers[name=web].image");
        String green = "-10 is services/db-green {spec: {clusterIP: '10.0.0.9', ports: [{port: 80}]}}\n";
        assertThat(causes(
                        WEB, told + green + settings(30, "http://db-green/") + "35 gone services/db-green\n" + unknown))
                .as("the Service was there when it was named")
                .noneMatch(cause -> cause.startsWith("A settings"));
    }

    @Test
    void anImageThatOthersAreWellWithCountsLessThanASettingButNotIfTheirsIsAnother() throws Exception {
        String told = base("web") + base("other") + settings(-10, "fast") + settings(30, "slow");
        String crashes = image("web", "web:2", "crashed Error bad");
        assertThat(causes(WEB, told + image("other", "web:2", "ready").replace("40 ", "35 ") + crashes))
                .startsWith("B settings CHANGED data[\"app.properties\"]");

        assertThat(causes(WEB, told + image("other", "web:3", "ready").replace("40 ", "35 ") + crashes))
                .startsWith("B web CHANGED spec.template.spec.containers[name=web].image");
        assertThat(causes(WEB, told + image("other", "web:2", "pending").replace("40 ", "35 ") + crashes))
                .startsWith("B web CHANGED spec.template.spec.containers[name=web].image");
    }

    @Test
    void anAddressIsProvedIfNobodyAnsweredWhenItWasNamedButNotIfItsServiceWentSince() throws Exception {
        String told = SERVICES + "-10 is services/db-green {spec: {clusterIP: '10.0.0.9', ports: [{port: 80}]}}\n"
                + "-10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db/'}]}\n"
                + "%d gone services/db-green\n"
                + "20 rollout web b {image: 'web:1', env: [{name: 'PEER', value: 'http://db-green/'}]}"
                + " crashed Error refused\n";
        assertThat(links("peer-address", WEB, told.formatted(15)))
                .containsExactly("A web CHANGED spec.template.spec.containers[name=web].env[name=PEER].value");

        assertThat(links("peer-address", WEB, told.formatted(22))).isEmpty();
    }

    @Test
    void whatWasMadeAnewIsNotGivenToPodsOfANodeThatRemembersItAsImmutable() throws Exception {
        String pod =
                "made pods/%s {spec: {nodeName: '%s', containers: [{name: 'web'}], volumes: [{name: 'v', configMap: {name: 'c'}}]},"
                        + " status: %s}\n";
        String told = "-20 is configmaps/c {data: {a: 'region'}}\n-10 " + pod.formatted("old", "%2$s", "{}")
                + "10 is configmaps/c {immutable: %3$s, data: {a: 'region'}}\n20 gone configmaps/c\n"
                + "22 made configmaps/c {metadata: {uid: 'u-2'}, data: {a: 'region currency'}}\n40 "
                + pod.formatted("new", "n1", Story.crashed(41, "Error", "no %1$s"));
        String sealed = " c CHANGED immutable";
        assertThat(links("remembered-config", "pods/new", told.formatted("currency", "n1", true)))
                .containsExactly("A" + sealed);
        assertThat(links("remembered-config", "pods/new", told.formatted("memory", "n1", true)))
                .containsExactly("B" + sealed);
        assertThat(links("remembered-config", "pods/new", told.formatted("currency", "n2", true)))
                .as("no pod of its node used it")
                .isEmpty();
        assertThat(links("remembered-config", "pods/new", told.formatted("currency", "n1", false)))
                .isEmpty();
    }

    @Test
    void memoryRunsOutForASettingThatWasThereWhenThePodWasMade() throws Exception {
        String reads = "image: 'web:1', envFrom: [{configMapRef: {name: 'c'}}]";
        String told = """
                        -20 is configmaps/c {data: {workers: '%2$s', heap: '16'}}
                        -10 base web {%1$s}
                        %3$d is configmaps/c {data: {workers: '2', heap: '64'}}
                        20 rollout web b {%1$s} crashed OOMKilled bad
                        """;
        assertThat(links("config-content", "deployments.apps/web", told.formatted(reads, "2", 10)))
                .containsExactly("B c CHANGED data.heap");
        assertThat(causes("deployments.apps/web", told.formatted(reads, "4", 10)))
                .as("what became larger comes before what became smaller")
                .startsWith("B c CHANGED data.heap");
        assertThat(links("config-content", "deployments.apps/web", told.formatted(reads, "2", 23)))
                .isEmpty();
    }

    @Test
    void aPathOfAVariableThatTheContainerLostIsProvedButNotByOtherVariablesOrWhereItHadItThen() throws Exception {
        String mounts = "volumeMounts: [{name: 'd', mountPath: '/d', subPathExpr: '$(%s)'}]";
        String env = "env: [{name: 'A', value: 'a'}, {name: 'ZONE', value: '%s'}%s]";
        String tale = """
                        -10 base web {image: 'web:1', %s}
                        %s
                        20 rollout web b {image: 'web:1', %s} waiting CreateContainerConfigError failed to prepare subPath: missing value for ZONE
                        """;
        String container = "web CHANGED spec.template.spec.containers[name=web].";
        String asks = mounts.formatted("ZONE");
        String had = env.formatted("b", "") + ", " + asks;
        assertThat(links("mount-path", WEB, tale.formatted(had, "", "env: [{name: 'A', value: 'b'}], " + asks)))
                .containsExactly("A " + container + "env[name=ZONE]");
        assertThat(links("mount-path", WEB, tale.formatted(had, "", env.formatted("", "") + ", " + asks)))
                .as("it is empty")
                .containsExactly("A " + container + "env[name=ZONE].value");

        String other = "env: [{name: 'A', value: 'a'}], " + mounts.formatted("A");
        assertThat(links("mount-path", WEB, tale.formatted(other, "", "env: [{name: 'A', value: 'a'}], " + asks)))
                .containsExactly("A " + container + "volumeMounts[name=d].subPathExpr");
        String then =
                "10 is deployments.apps/web {spec: {replicas: 1, template: {metadata: {labels: {app: 'web'}}, spec: {containers:"
                        + " [{name: 'web', image: 'web:1', " + had + "}]}}}}";
        assertThat(links(
                        "mount-path",
                        WEB,
                        tale.formatted(
                                env.formatted("b", "") + ", " + mounts.formatted("A"),
                                then,
                                "env: [{name: 'A', value: 'a'}], " + asks)))
                .as("the path came while it was there")
                .containsExactly("A " + container + "env[name=ZONE]");
    }

    /** Two settings are changed at once, and what reads them fails. */
    private static String both(String before, String after, String said) {
        return "-20 is configmaps/settings {data: {" + before + "}}\n" + base("web")
                + "20 is configmaps/settings {data: {" + after + "}}\n"
                + "30 rollout web b {image: 'web:1'" + READS + "} unready\n"
                + "40 event Pod/web-b-x Unhealthy Readiness probe failed: " + said + "\n";
    }

    @Test
    void ofSettingsChangedAtOnceTheOneOfTheKindThatTheMessageIsAboutComesFirst() throws Exception {
        String before = "port: '8080', region: 'a'";
        String after =
                "port: '9090', region: 'b', base: '/v2', token: 'x', wait: '9s', peer: 'http://far.example.com/'";
        assertThat(causes(WEB, both(before, after, "HTTP probe failed with statuscode: 404")))
                .first()
                .isEqualTo("B settings CHANGED data.base");
        assertThat(causes(WEB, both(before, after, "HTTP probe failed with statuscode: 401")))
                .first()
                .isEqualTo("B settings CHANGED data.token");
        assertThat(causes(WEB, both(before, after, "HTTP probe failed with statuscode: 503")))
                .first()
                .isEqualTo("B settings CHANGED data.peer");
        assertThat(causes(WEB, both(before, after, "context deadline exceeded")))
                .first()
                .isEqualTo("B settings CHANGED data.wait");
        assertThat(causes(WEB, both(before, after, "dial tcp 10.0.0.1:8080: connect: connection refused")))
                .first()
                .isEqualTo("B settings CHANGED data.port");
        assertThat(causes(WEB, both(before, after, "it is bad")))
                .as("nothing tells which kind")
                .startsWith("B settings CHANGED data.port", "B settings CHANGED data.region");
    }

    @Test
    void aSettingThatAsksForMoreMemoryExplainsAKillForItButOneThatAsksForLessIsNotLikelier() throws Exception {
        String tale = "-20 is configmaps/settings {data: {workers: '1', batch_mib: '16'}}\n" + base("web")
                + "20 is configmaps/settings {data: {workers: '2', batch_mib: '%d'}}\n"
                + "30 rollout web b {image: 'web:1'" + READS + "} crashed OOMKilled\n";
        String batch = "B settings CHANGED data.batch_mib";
        String workers = "B settings CHANGED data.workers";
        assertThat(causes(WEB, tale.formatted(128))).startsWith(batch, workers);

        assertThat(causes(WEB, tale.formatted(8))).startsWith(workers, batch);
    }

    @Test
    void anImageThatAnotherWorkloadIsReadyWithCountsLessThanASetting() throws Exception {
        String told = base("web") + settings(-10, "fast") + settings(30, "slow");
        String crashes = image("web", "web:2", "crashed Error bad");
        String other = "%d pod other {image: 'web:%d'} %s\n";
        String setting = "B settings CHANGED data[\"app.properties\"]";
        String image = "B web CHANGED spec.template.spec.containers[name=web].image";
        String made = "-10 is deployments.apps/other {spec: {template: {spec: {containers: [{name: 'web'}]}}}}\n"
                + "-10 is replicasets.apps/other-a {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind:"
                + " 'Deployment', controller: true, name: 'other', uid: 'u-other'}]}}\n";
        assertThat(causes(WEB, told + made + other.formatted(-5, 2, "ready") + crashes))
                .startsWith(setting, image);

        assertThat(causes(WEB, told + made + other.formatted(-5, 3, "ready") + crashes))
                .as("another image")
                .startsWith(image, setting);
        assertThat(causes(WEB, told + made + other.formatted(-5, 2, "unready") + crashes))
                .as("it is not well with it")
                .startsWith(image, setting);
        assertThat(causes(WEB, told + made + other.formatted(90, 2, "ready") + crashes))
                .as("it got ready later")
                .startsWith(image, setting);
    }
}
