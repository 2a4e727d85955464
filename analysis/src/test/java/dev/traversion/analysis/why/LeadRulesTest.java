/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules about where a name leads a container that calls it, one by one: what they name, and what they do not. */
class LeadRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String PEER = "image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]";
    private static final String READY = "status: {conditions: [{type: 'Ready', status: 'True'}]}";
    private static final String CRASHED =
            "status: {containerStatuses: [{name: 'web', lastState: {terminated: {exitCode: 1, reason: 'Error', finishedAt:"
                    + " '2026-02-02T02:40:40Z'}}, state: {waiting: {reason: 'CrashLoopBackOff'}}}]}";

    @Test
    void aServiceThatLeadsToPodsWhichAreNotReadyIsProvedButNotIfAllAre() throws Exception {
        String told = """
                        -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80, targetPort: 8080}]}}
                        -10 base web {%1$s}
                        20 is services/db {spec: {publishNotReadyAddresses: true, selector: {app: 'db'}, ports: [{port: 80, targetPort: 8080}]}}
                        30 is pods/db-2 {metadata: {labels: {app: 'db'}}, spec: {containers: []}, status: {conditions: [{type: 'Ready', status: '%2$s'}]}}
                        31 is endpointslices.discovery.k8s.io/db-x {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: [{addresses: ['10.0.0.9'], targetRef: {kind: 'Pod', name: 'db-2'}}]}
                        40 pod web {%1$s} crashed Error bad
                        """;
        assertThat(links("endpoint-choice", WEB, told.formatted(PEER, "False")))
                .containsExactly("A db CHANGED spec.publishNotReadyAddresses");
        assertThat(links("endpoint-choice", WEB, told.formatted(PEER, "True"))).isEmpty();
        assertThat(causes(WEB, told.formatted(PEER, "False")))
                .first()
                .isEqualTo("A db CHANGED spec.publishNotReadyAddresses");
    }

    @Test
    void aServiceThatKeepsToTheNodeOfTheCallerIsProvedIfItHasNoAddressThere() throws Exception {
        String told = """
                        -10 is services/db {spec: {ports: [{port: 80}]}}
                        -10 is endpointslices.discovery.k8s.io/db-x {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: [{addresses: ['10.0.0.9']%1$s}]}
                        20 is services/db {spec: {internalTrafficPolicy: 'Local', ports: [{port: 80}]}}
                        40 is pods/web {spec: {nodeName: 'n1', containers: [{name: 'web', env: [{name: 'PEER', value: 'http://db'}]}]}, %2$s}
                        """;
        assertThat(links("endpoint-choice", "pods/web", told.formatted("", CRASHED)))
                .containsExactly("A db CHANGED spec.internalTrafficPolicy");
        assertThat(links("endpoint-choice", "pods/web", told.formatted(", nodeName: 'n1'", CRASHED)))
                .isEmpty();
    }

    @Test
    void aSelectorThatTakesInPodsWhichServeNothingIsProvedButNotIfTheyServeThePort() throws Exception {
        String told = """
                        -10 is services/db {spec: {selector: {part: 'api'}, ports: [{port: 80, targetPort: 8080}]}}
                        -10 is pods/db-1 {metadata: {labels: {part: 'api', of: 'db'}}, spec: {containers: [{name: 'db', ports: [{containerPort: 8080}]}]}, %2$s}
                        -10 is pods/worker {metadata: {labels: {part: 'worker', of: 'db'}}, spec: {containers: [{name: 'db'%3$s}]}, %2$s}
                        -10 base web {%1$s}
                        20 is services/db {spec: {selector: {of: 'db'}, ports: [{port: 80, targetPort: 8080}]}}
                        40 pod web {%1$s} crashed Error bad
                        """;
        assertThat(links("endpoint-choice", WEB, told.formatted(PEER, READY, ", ports: [{containerPort: 9}]")))
                .containsExactly("A db CHANGED spec.selector.of", "A db CHANGED spec.selector.part");
        assertThat(links("endpoint-choice", WEB, told.formatted(PEER, READY, "")))
                .as("ports need not be declared")
                .containsExactly("B db CHANGED spec.selector.of", "B db CHANGED spec.selector.part");
        assertThat(links("endpoint-choice", WEB, told.formatted(PEER, READY, ", ports: [{containerPort: 8080}]")))
                .isEmpty();
    }

    @Test
    void aPortThatAContainerServesWhichRunsBesideTheOthersIsServed() throws Exception {
        String told = """
                        -10 is services/db {spec: {selector: {part: 'api'}, ports: [{port: 80, targetPort: 8080}]}}
                        -10 is pods/db-1 {metadata: {labels: {part: 'api', of: 'db'}}, spec: {containers: [{name: 'db', ports: [{containerPort: 8080}]}]}, %2$s}
                        -10 is pods/worker {metadata: {labels: {part: 'worker', of: 'db'}}, spec: {initContainers: [{name: 'proxy'%3$s, ports: [{containerPort: 8080}]}], containers: [{name: 'db', ports: [{containerPort: 9}]}]}, %2$s}
                        -10 base web {%1$s}
                        20 is services/db {spec: {selector: {of: 'db'}, ports: [{port: 80, targetPort: 8080}]}}
                        40 pod web {%1$s} crashed Error bad
                        """;
        assertThat(links("endpoint-choice", WEB, told.formatted(PEER, READY, ", restartPolicy: 'Always'")))
                .isEmpty();
        assertThat(links("endpoint-choice", WEB, told.formatted(PEER, READY, "")))
                .as("it ends before")
                .containsExactly("A db CHANGED spec.selector.of", "A db CHANGED spec.selector.part");
    }

    @Test
    void aChoiceThatWasPutBackInBetweenIsNotTheCause() throws Exception {
        String told = """
                        -10 is services/db {spec: {selector: {part: 'api'}, ports: [{port: 80, targetPort: 8080}]}}
                        -10 is pods/db-1 {metadata: {labels: {part: 'api', of: 'db'}}, spec: {containers: [{name: 'db', ports: [{containerPort: 8080}]}]}, %2$s}
                        -10 is pods/worker {metadata: {labels: {part: 'worker', of: 'db'}}, spec: {containers: [{name: 'db', ports: [{containerPort: 9}]}]}, %2$s}
                        -10 base web {%1$s}
                        20 is services/db {spec: {selector: {of: 'db'}, ports: [{port: 80, targetPort: 8080}]}}
                        %3$d is services/db {spec: {selector: {part: 'api'}, ports: [{port: 80, targetPort: 8080}]}}
                        50 pod web {%1$s} crashed Error bad
                        """;
        assertThat(links("endpoint-choice", WEB, told.formatted(PEER, READY, 30)))
                .isEmpty();
        assertThat(links("endpoint-choice", WEB, told.formatted(PEER, READY, 60)))
                .containsExactly("A db CHANGED spec.selector.of", "A db CHANGED spec.selector.part");
    }

    @Test
    void aServiceThatWasChangedIsNoProofIfTheCallerWasChangedToo() throws Exception {
        assertThat(links("endpoint-choice", WEB, """
                        -10 is services/db {spec: {selector: {part: 'api'}, ports: [{port: 80, targetPort: 8080}]}}
                        -10 is pods/db-1 {metadata: {labels: {part: 'api', of: 'db'}}, spec: {containers: [{name: 'db', ports: [{containerPort: 8080}]}]}, %2$s}
                        -10 is pods/worker {metadata: {labels: {part: 'worker', of: 'db'}}, spec: {containers: [{name: 'db'}]}, %2$s}
                        -10 base web {%1$s}
                        20 is services/db {spec: {selector: {of: 'db'}, ports: [{port: 80, targetPort: 8080}]}}
                        30 rollout web b {%1$s, args: ['--new']} crashed Error bad
                        """.formatted(PEER, READY)))
                .containsExactly("B db CHANGED spec.selector.of", "B db CHANGED spec.selector.part");
    }

    @Test
    void addressesOfNobodyBesideThoseOfThePodsAreNamedButNotThoseOfTheController() throws Exception {
        String told = """
                        -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                        -10 is pods/db-1 {metadata: {labels: {app: 'db'}}, spec: {containers: []}, status: {podIP: '10.0.0.9'}}
                        -10 base web {%1$s}
                        20 made endpointslices.discovery.k8s.io/old {metadata: {labels: {'kubernetes.io/service-name': 'db'%2$s}}, endpoints: [{addresses: ['%3$s']}]}
                        40 pod web {%1$s} crashed Error bad
                        """;
        assertThat(links("hand-written-endpoints", WEB, told.formatted(PEER, "", "192.0.2.1")))
                .containsExactly("B old CREATED");
        assertThat(causes(WEB, told.formatted(PEER, "", "192.0.2.1"))).containsExactly("B old CREATED");
        assertThat(links("hand-written-endpoints", WEB, told.formatted(PEER, "", "10.0.0.9")))
                .isEmpty();
        String kept = ", 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io'";
        assertThat(links("hand-written-endpoints", WEB, told.formatted(PEER, kept, "192.0.2.1")))
                .isEmpty();
    }

    @Test
    void thePodsOwnNameIsProvedIfNoPodHasItAnyMore() throws Exception {
        String owner =
                "ownerReferences: [{apiVersion: 'apps/v1', kind: 'StatefulSet', controller: true, name: 'db', uid: 'u-db'}]";
        String told = """
                        -10 is services/db {spec: {clusterIP: 'None', selector: {app: 'db'}}}
                        -10 is statefulsets.apps/db {spec: {template: {spec: {hostname: 'first', subdomain: 'db', containers: []}}}}
                        -9 is pods/db-1 {metadata: {labels: {app: 'db'}, %2$s}, spec: {hostname: 'first', subdomain: 'db', containers: []}}
                        -10 base web {%1$s}
                        20 is statefulsets.apps/db {spec: {template: {spec: {hostname: 'first', subdomain: 'store', containers: []}}}}
                        22 gone pods/db-1
                        24 is pods/db-1 {metadata: {labels: {app: 'db'}, %2$s}, spec: {hostname: 'first', subdomain: 'store', containers: []}}
                        40 pod web {%1$s} crashed Error bad
                        """;
        String named = "image: 'web:1', args: ['--call=http://%s:8080/']";
        assertThat(links("pod-names", WEB, told.formatted(named.formatted("first.db"), owner)))
                .containsExactly("A db CHANGED spec.template.spec.subdomain");
        assertThat(causes(WEB, told.formatted(named.formatted("first.db"), owner)))
                .first()
                .isEqualTo("A db CHANGED spec.template.spec.subdomain");
        assertThat(links("pod-names", WEB, told.formatted(named.formatted("second.db"), owner)))
                .isEmpty();
    }

    @Test
    void aVariableThatStandsBehindWhatIsMadeOfItIsProvedButNotIfItAlwaysDid() throws Exception {
        String order = "image: 'web:1', env: [%s]";
        String host = "{name: 'HOST', value: 'db'}";
        String url = "{name: 'URL', value: 'http://$(HOST)/'}";
        String told = """
                        -10 base web {%s}
                        20 rollout web b {%s} crashed Error bad
                        """;
        assertThat(links(
                        "variable-order",
                        WEB,
                        told.formatted(
                                order.formatted(host + ", " + url),
                                order.formatted(url + ", {name: 'A', value: 'b'}, " + host))))
                .containsExactly("A web CHANGED spec.template.spec.containers[name=web].env");
        assertThat(links(
                        "variable-order",
                        WEB,
                        told.formatted(
                                order.formatted(url + ", " + host),
                                order.formatted(url + ", {name: 'A', value: 'b'}, " + host))))
                .isEmpty();

        assertThat(links("variable-order", WEB, """
                                -10 base web {%1$s}
                                20 rollout web b {%2$s} ready
                                90 rollout web b {%2$s} crashed Error bad
                                """.formatted(
                                order.formatted(host + ", " + url),
                                order.formatted(url + ", {name: 'A', value: 'b'}, " + host))))
                .as("it was well with it for a while")
                .containsExactly("B web CHANGED spec.template.spec.containers[name=web].env");
    }

    @Test
    void aServiceWithAVariableForPodsIsProvedByItsValueAndTriedByPodsWithoutIt() throws Exception {
        String told = """
                        -10 base web {image: 'web:1'}
                        20 %s services/queue {spec: {clusterIP: '10.0.0.8', ports: [{port: 80}]}}
                        40 rollout web b {image: 'web:1'%s} crashed Error %s
                        """;
        assertThat(links("service-links", WEB, told.formatted("made", "", "invalid port tcp://10.0.0.8:80")))
                .containsExactly("A queue CREATED");
        assertThat(links("service-links", WEB, told.formatted("made", "", "QUEUE_PORT is no number")))
                .containsExactly("B queue CREATED");
        assertThat(links("service-links", WEB, told.formatted("made", "", "bad")))
                .containsExactly("B queue CREATED");
        assertThat(causes(WEB, told.formatted("made", "", "bad"))).containsExactly("B queue CREATED");
        assertThat(links("service-links", WEB, told.formatted("made", ", args: ['x']", "bad")))
                .isEmpty();
        assertThat(links("service-links", WEB, told.formatted("is", "", "bad"))).isEmpty();
    }

    @Test
    void whoIsStartedWithAVariableOfAServiceMissesItSinceItsPodsGetNone() throws Exception {
        String told = """
                -20 is services/my-db {spec: {clusterIP: '10.0.0.8', ports: [{port: 80}]}}
                -10 is deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: [{name: 'web', args: ['%1$s']%2$s}]}}}}
                20 is deployments.apps/web {spec: {replicas: 1, template: {spec: {enableServiceLinks: false, containers: [{name: 'web', args: ['%1$s']%2$s}]}}}}
                21 made pods/web-b-x {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]}, spec: {enableServiceLinks: false, containers: [{name: 'web', args: ['%1$s']%2$s}]}, status: {containerStatuses: [{name: 'web', state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', message: 'bad', finishedAt: '2026-02-02T02:40:30Z'}}}]}}
                """;
        String field = " web CHANGED spec.template.spec.enableServiceLinks";
        assertThat(links("service-links", WEB, told.formatted("http://$(MY_DB_SERVICE_HOST)/", "")))
                .containsExactly("A" + field);
        assertThat(links("service-links", WEB, told.formatted("http://$(OTHER_SERVICE_HOST)/", "")))
                .containsExactly("B" + field);
        String own = ", env: [{name: 'MY_DB_SERVICE_HOST', value: 'db'}]";
        assertThat(links("service-links", WEB, told.formatted("http://$(MY_DB_SERVICE_HOST)/", own)))
                .containsExactly("B" + field);
        assertThat(links("service-links", WEB, told.formatted("$(MY_DB_PORT_80_TCP_ADDR)", "")))
                .containsExactly("A" + field);
        for (String other : List.of(
                "--number=$(MY_DB_PORT_NUMBER)",
                "${MY_DB_SERVICE_HOST:-db}",
                "MY_DB_SERVICE_HOST=db; call $MY_DB_SERVICE_HOST")) {
            assertThat(links("service-links", WEB, told.formatted(other, "")))
                    .as(other)
                    .containsExactly("B" + field);
        }
        assertThat(links(
                        "service-links",
                        WEB,
                        told.formatted("$(MY_DB_PORT)", ", envFrom: [{configMapRef: {name: 'c'}}]")))
                .as("a ConfigMap may give it")
                .containsExactly("B" + field);
        assertThat(links("service-links", WEB, told.replace("10.0.0.8", "None").formatted("$(MY_DB_PORT)", "")))
                .as("there are no variables of a Service without an address")
                .containsExactly("B" + field);
    }
}
