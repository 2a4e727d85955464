/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** States in which what a rule requires seems to hold, and something else is the cause. */
class DoubtRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String PEER = "image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]";

    private static String owner(String kind, String name) {
        return "ownerReferences: [{apiVersion: 'apps/v1', kind: '" + kind + "', controller: true, name: '" + name
                + "', uid: 'u-" + name + "'}]";
    }

    private static String unschedulable(int second, String message) {
        return "status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable',"
                + " lastTransitionTime: '" + Story.time(second) + "', message: \"" + message + "\"}]}";
    }

    private static String slice(String service, String ports, String addresses) {
        return "is endpointslices.discovery.k8s.io/" + service
                + "-1 {metadata: {labels: {'kubernetes.io/service-name': '" + service + "'}}, ports: [" + ports
                + "], endpoints: [" + addresses + "]}\n";
    }

    @Test
    void whatWasAskedToGoBeforeItsNamespaceDidNotGoWithIt() throws Exception {
        String web = "is deployments.apps/web {%sspec: {template: {spec: {containers: [{name: 'web'}]}}}}\n";
        String told = "-10 is namespaces/shop {spec: {}}\n-10 " + web.formatted("")
                + "30 is namespaces/shop {metadata: {deletionTimestamp: '" + Story.time(30) + "'}, spec: {}}\n%d "
                + web.formatted("metadata: {deletionTimestamp: '" + Story.time(20) + "'}, ")
                + "40 gone deployments.apps/web\n";
        assertThat(causes(WEB, told.formatted(31))).containsExactly("A shop DELETED");
        assertThat(causes(WEB, told.formatted(20))).containsExactly("A web DELETED");
    }

    @Test
    void whatWasAskedToGoBeforeItsOwnerWasNotCollectedWithIt() throws Exception {
        String web =
                "is deployments.apps/web {metadata: {%sownerReferences: [{apiVersion: 'example.com/v1', kind: 'Widget', name: 'w',"
                        + " uid: 'u-w'}]}, spec: {template: {spec: {containers: [{name: 'web'}]}}}}\n";
        String told = "-10 is widgets.example.com/w {spec: {}}\n-10 " + web.formatted("")
                + "30 gone widgets.example.com/w\n%d "
                + web.formatted("deletionTimestamp: '" + Story.time(20) + "', ") + "40 gone deployments.apps/web\n";
        assertThat(causes(WEB, told.formatted(31))).containsExactly("A w DELETED");
        assertThat(causes(WEB, told.formatted(20))).containsExactly("A web DELETED");
    }

    @Test
    void aPodOfADaemonSetIsForNoOtherNode() throws Exception {
        String node = "is nodes/%s {metadata: {labels: {%s}}, status: {allocatable: {cpu: '1'}}}\n";
        String place =
                "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields:"
                        + " [{key: 'metadata.name', operator: 'In', values: ['n1']}]}]}}}, ";
        String spec = "nodeSelector: {disk: 'fast'}, %scontainers: [{name: 'web', resources: {requests: {cpu: '%s'}}}]";
        String set = "is daemonsets.apps/web {spec: {template: {spec: {%s}}}}\n";
        String told = "-10 " + node.formatted("n1", "disk: 'fast'") + "-10 " + node.formatted("n2", "disk: 'fast'")
                + "-10 is pods/full {spec: {nodeName: 'n1', containers: [{name: 'c', resources: {requests: {cpu: '900m'}}}]}}\n"
                + "-10 "
                + set.formatted(spec.formatted("", "200m")) + "%s22 made pods/web-1 {metadata: {"
                + owner("DaemonSet", "web") + "}, spec: {" + spec.formatted(place, "300m") + "}, "
                + unschedulable(22, "Insufficient cpu") + "}\n";
        assertThat(links("node-fit", "pods/web-1", told.formatted("20 " + node.formatted("n2", ""))))
                .as("it would not have run there")
                .isEmpty();
        assertThat(links("node-fit", "pods/web-1", told.formatted("20 " + set.formatted(spec.formatted("", "300m")))))
                .as("its node had no room for it before, either")
                .allMatch(each -> each.startsWith("B web CHANGED"))
                .isNotEmpty();
    }

    @Test
    void aCordonKeepsNobodyAwayWhoToleratesIt() throws Exception {
        String told = """
                -10 is nodes/n1 {spec: {podCIDR: '10.0.0.0/24'}, status: {allocatable: {cpu: '1'}}}
                20 is nodes/n1 {spec: {podCIDR: '10.0.0.0/24', unschedulable: true}, status: {allocatable: {cpu: '1'}}}
                21 made pods/p {spec: {tolerations: [{key: '%s', operator: 'Exists', effect: 'NoSchedule'}], containers: []}, %s}
                """;
        String why = unschedulable(21, "1 node(s) had no room");
        assertThat(links("node-fit", "pods/p", told.formatted("other", why)))
                .containsExactly("A n1 CHANGED spec.unschedulable");
        assertThat(links("node-fit", "pods/p", told.formatted("node.kubernetes.io/unschedulable", why)))
                .isEmpty();
    }

    @Test
    void nodesWithoutALabelAreNoPlaceToBeTogetherIn() throws Exception {
        String spec =
                "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels:"
                        + " {app: 'db'}}, topologyKey: '%s'}]}}, containers: [{name: 'web'}]";
        String told = """
                -10 is nodes/n1 {metadata: {labels: {host: 'n1'}}, status: {allocatable: {cpu: '1'}}}
                -10 is pods/db-1 {metadata: {labels: {app: 'db'}}, spec: {nodeName: 'n1', containers: []}, status: {phase: 'Running'}}
                """
                + rollout(spec.formatted("host"), spec.formatted("rack"), "{}")
                        .replace("status: {}", unschedulable(22, "didn't match pod affinity rules"));
        assertThat(links("node-fit", "pods/web-1", told))
                .hasSize(1)
                .allMatch(each -> each.startsWith("A web CHANGED spec.template.spec.affinity"));
    }

    private static final String COMPANIONS = """
            -10 is nodes/n1 {metadata: {labels: {host: 'n1'}}, status: {allocatable: {pods: '10'}}}
            -20 is deployments.apps/db {spec: {template: {metadata: {labels: {heat: 'hot'}}, spec: {containers: []}}}}
            -10 is pods/db-1 {metadata: {labels: {heat: 'hot'}, %1$s}, spec: {nodeName: 'n1', containers: []}, status: {phase: 'Running'}}
            %3$s
            20 gone deployments.apps/db
            21 gone pods/db-1
            40 made pods/web-1 {spec: {affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {heat: 'hot'}}, %2$s topologyKey: 'host'}]}}, containers: [{name: 'web'}]}, %4$s}
            """;

    @Test
    void companionsOfOtherNamespacesAreMissedIfTheirLabelsSaySo() throws Exception {
        String spaces = "namespaceSelector: {matchLabels: {team: 'a'}},";
        String shop = "-10 is namespaces/shop {metadata: {labels: {team: '%s'}}}";
        String why = unschedulable(41, "didn't match pod affinity rules");
        String db = owner("Deployment", "db");
        assertThat(links("missing-companion", "pods/web-1", COMPANIONS.formatted(db, spaces, shop.formatted("a"), why)))
                .containsExactly("A db DELETED");
        assertThat(links("missing-companion", "pods/web-1", COMPANIONS.formatted(db, spaces, shop.formatted("b"), why)))
                .isEmpty();
        assertThat(links(
                        "missing-companion", "pods/web-1", COMPANIONS.formatted(db, "namespaceSelector: {},", "", why)))
                .containsExactly("A db DELETED");
    }

    @Test
    void companionsThatOthersOutlivedAreNotWhatIsMissed() throws Exception {
        String why = unschedulable(41, "didn't match pod affinity rules");
        String others = """
                -20 is deployments.apps/cache {spec: {template: {metadata: {labels: {heat: 'hot'}}, spec: {containers: []}}}}
                -10 is pods/cache-1 {metadata: {labels: {heat: 'hot'}, %s}, spec: {nodeName: 'n1', containers: []}, status: {phase: 'Running'}}
                30 gone deployments.apps/cache
                31 gone pods/cache-1
                """.formatted(owner("Deployment", "cache"));
        assertThat(links(
                        "missing-companion",
                        "pods/web-1",
                        COMPANIONS.formatted(owner("Deployment", "db"), "", others, why)))
                .containsExactlyInAnyOrder("B db DELETED", "A cache DELETED");
    }

    @Test
    void anExternalAddressIsNoProofWhereItLeadsNowhereOrTakesOnlyOneOfSeveralPorts() throws Exception {
        String told = "-10 " + slice("db", "{port: 80}", "{addresses: ['10.0.0.9']}") + "%3$s" + """
                        -10 is services/db {spec: {clusterIP: '%1$s', selector: {app: 'db'}, ports: [%2$s]}}
                        -10 is services/other {spec: {selector: {app: 'other'}, ports: [{port: 80}]}}
                        -10 base web {%4$s}
                        20 is services/other {spec: {externalIPs: ['10.9.0.1', '10.0.0.9'], selector: {app: 'other'}, ports: [{port: 80}]}}
                        %5$s
                        """;
        String elsewhere = "-10 " + slice("other", "{port: 80}", "{addresses: ['10.0.0.8']}");
        String one = "{name: 'a', port: 80}";
        String failed = "40 pod web {" + PEER + "} crashed Error bad";
        assertThat(links("taken-address", WEB, told.formatted("10.9.0.1", one, elsewhere, PEER, failed)))
                .containsExactly("A other CHANGED spec.externalIPs");
        assertThat(links("taken-address", WEB, told.formatted("None", one, "", PEER, failed)))
                .containsExactly("A other CHANGED spec.externalIPs");
        assertThat(links("taken-address", WEB, told.formatted("10.9.0.1", one, "", PEER, failed)))
                .as("the Service's own address comes first")
                .containsExactly("B other CHANGED spec.externalIPs");
        String two = one + ", {name: 'b', port: 81}";
        assertThat(links("taken-address", WEB, told.formatted("10.9.0.1", two, elsewhere, PEER, failed)))
                .as("nobody knows which port is meant")
                .containsExactly("B other CHANGED spec.externalIPs");
        String later = "30 rollout web b {%1$s} ready\n90 rollout web b {%1$s} crashed Error bad".formatted(PEER);
        assertThat(links("taken-address", WEB, told.formatted("10.9.0.1", one, elsewhere, PEER, later)))
                .as("it was well with it for a while")
                .containsExactly("B other CHANGED spec.externalIPs");
    }

    @Test
    void oneOfSeveralNamesOfPodsIsMissedOnlyIfTheMessageSaysSoAndNotIfItIsMadeAgain() throws Exception {
        String pod = "is pods/db-%1$d {metadata: {labels: {app: 'db'}, " + owner("StatefulSet", "db")
                + "}, spec: {hostname: 'db-%1$d', subdomain: 'db', containers: []}}\n";
        String set =
                "is statefulsets.apps/db {spec: {serviceName: 'db', replicas: %d, template: {spec: {containers: []}}}}\n";
        String told = "-10 is services/db {spec: {clusterIP: 'None', selector: {app: 'db'}}}\n-10 " + set.formatted(2)
                + "-9 " + pod.formatted(0) + "-9 " + pod.formatted(1) + "-10 base web {%1$s}\n20 " + set.formatted(1)
                + "22 gone pods/db-1\n%3$s40 pod web {%1$s} crashed Error %2$s\n";
        String one = "image: 'web:1', args: ['--call=db-1.db:8080']";
        String both = "image: 'web:1', args: ['--calls=db-0.db:8080,db-1.db:8080']";
        String field = "db CHANGED spec.replicas";
        assertThat(links("pod-names", WEB, told.formatted(one, "bad", ""))).containsExactly("A " + field);
        assertThat(links("pod-names", WEB, told.formatted(both, "bad", ""))).containsExactly("B " + field);
        assertThat(links("pod-names", WEB, told.formatted(both, "no host db-1.db", "")))
                .containsExactly("A " + field);
        assertThat(links(
                        "pod-names",
                        WEB,
                        told.formatted("image: 'web:1'", "lookup db-1.db on 10.0.0.1: no such host", "")))
                .as("the container has the name from elsewhere")
                .containsExactly("A " + field);
        assertThat(links("pod-names", WEB, told.formatted(one, "bad", "38 " + set.formatted(2))))
                .as("the pod is only not there yet")
                .isEmpty();
    }

    @Test
    void aNameOfOthersIsNotMissedBecauseTheOwnOnesAreNotPublished() throws Exception {
        String told = """
                        -10 is services/db {spec: {clusterIP: 'None', publishNotReadyAddresses: true, selector: {app: 'web'}, ports: [{port: 80}]}}
                        -10 base web {%1$s}
                        20 is services/db {spec: {clusterIP: 'None', selector: {app: 'web'}, ports: [{port: 80}]}}
                        25 gone pods/web-a-x
                        30 rollout web b {%1$s} crashed Error lookup example.com: no such host
                        """.formatted(PEER);
        assertThat(links("cold-start", WEB, told)).containsExactly("B db CHANGED spec.publishNotReadyAddresses");
    }

    @Test
    void whoNamesAnAddressInNumbersAsksForNoName() throws Exception {
        String udp = "{name: 'dns', port: 53, protocol: 'UDP'}";
        String told = """
                        -10 is services/kube-dns@kube-system {spec: {ports: [%2$s]}}
                        -10 is services/db {spec: {clusterIP: '10.9.0.1', ports: [{port: 80}]}}
                        -10 base web {%1$s}
                        20 is services/kube-dns@kube-system {spec: {ports: []}}
                        40 pod web {%1$s} crashed Error bad
                        """;
        assertThat(links("cluster-dns", WEB, told.formatted(PEER, udp))).isNotEmpty();
        assertThat(links("cluster-dns", WEB, told.formatted(PEER.replace("//db", "//10.9.0.1"), udp)))
                .isEmpty();
    }

    @Test
    void aPodThatWasDrivenAwayForAPortOfTheNodeWasNotForTheMemoryThatWasAskedForToo() throws Exception {
        String spec =
                "priority: %d, containers: [{name: 'web', ports: [{containerPort: 80%s}], resources: {requests: {memory: '%s'}}}]";
        String big = "is deployments.apps/big {spec: {template: {spec: {%s}}}}\n";
        String more = spec.formatted(1000, ", hostPort: 81", "2Mi");
        String victim = "is pods/p {spec: {" + spec.formatted(0, "%1$s", "1Mi")
                + "}, status: {phase: 'Running', conditions: [{type: '";
        String driven = "DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', lastTransitionTime: '"
                + Story.time(22) + "', message: 'preempting'}]}}\n";
        String told = "-10 " + victim + "Ready', status: 'True'}]}}\n-10 "
                + big.formatted(spec.formatted(1000, "", "1Mi")) + "20 " + big.formatted(more)
                + "21 made pods/big-1 {metadata: {" + owner("Deployment", "big") + "}, spec: {" + more
                + "}, status: {phase: 'Pending'}}\n"
                + "22 event Pod/p Preempted Preempted by pod u-big-1 on node n1\n23 " + victim + driven;
        String container = "A big CHANGED spec.template.spec.containers[name=web].";
        assertThat(links("preemption", "pods/p", told.formatted(", hostPort: 81")))
                .containsExactly(container + "ports[containerPort=80].hostPort");
        assertThat(links("preemption", "pods/p", told.formatted("")))
                .containsExactly(container + "resources.requests.memory");
    }

    @Test
    void aPodThatTookThePlaceOfAnotherOneDroveNobodyAwayForHowItWasMade() throws Exception {
        String big = "{metadata: {" + owner("Deployment", "big")
                + "}, spec: {priorityClassName: 'high', priority: 1000, containers: []}, status: {phase: 'Pending'}}\n";
        String victim =
                "is pods/p {spec: {containers: [{name: 'web'}], priority: 0}, status: {phase: 'Running', conditions: [%s]}}\n";
        String driven =
                "{type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', lastTransitionTime: '"
                        + Story.time(31) + "', message: 'preempting'}";
        String told = "-10 " + victim.formatted("{type: 'Ready', status: 'True'}")
                + "2 made deployments.apps/big {spec: {template: {spec: {priorityClassName: 'high', containers: []}}}}\n"
                + "5 made pods/big-1 "
                + big + "%s30 made pods/big-2 " + big
                + "31 event Pod/p Preempted Preempted by pod u-big-2 on node n1\n32 " + victim.formatted(driven);
        assertThat(links("preemption", "pods/p", told.formatted(""))).containsExactly("A big CREATED");
        assertThat(links("preemption", "pods/p", told.formatted("28 gone pods/big-1\n")))
                .containsExactly("B big CREATED");
        String leaving = "29 is pods/big-1 " + big.replace("{metadata: {", "{metadata: {deletionTimestamp: 'x', ");
        assertThat(links("preemption", "pods/p", told.formatted(leaving))).containsExactly("B big CREATED");
    }

    @Test
    void whoCameFromAnotherNodeIsNotTheFaultOfHowItWasMade() throws Exception {
        String one = "containers: [{name: 'web', resources: {requests: {cpu: '1'}}}]";
        String big = "{metadata: {" + owner("Deployment", "big") + "}, spec: {nodeName: '%s', " + one
                + "}, status: {phase: 'Running'}}\n";
        String told = "-10 is nodes/n1 {status: {allocatable: {cpu: '1'}}}\n"
                + "2 made deployments.apps/big {spec: {template: {spec: {containers: []}}}}\n3 made pods/big-1 "
                + big + "20 gone pods/big-1\n21 made pods/big-2 " + big.formatted("n1") + "40 made pods/p {spec: {"
                + one
                + "}, " + unschedulable(41, "Insufficient cpu") + "}\n";
        assertThat(links("room-taken", "pods/p", told.formatted("n1"))).containsExactly("A big CREATED");
        assertThat(links("room-taken", "pods/p", told.formatted("n2"))).containsExactly("B big CREATED");
    }

    @Test
    void anotherPartOfItsAffinityKeepsNobodyAway() throws Exception {
        String apart =
                "podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {app: 'reports'}},"
                        + " topologyKey: 'host'}]}";
        String spec = "affinity: {%s" + apart + "}, containers: [{name: 'b'}]";
        String more = "nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1}]}, ";
        String why = unschedulable(41, "1 node(s) did not satisfy existing pods anti-affinity rules");
        String tale = """
                -10 is nodes/n1 {metadata: {labels: {host: 'n1'}}, status: {allocatable: {cpu: '1'}}}
                -10 is deployments.apps/web {spec: {template: {spec: {%1$s}}}}
                20 is deployments.apps/web {spec: {template: {spec: {%2$s}}}}
                21 made pods/web-1 {metadata: {%3$s}, spec: {nodeName: 'n1', %2$s}, status: {phase: 'Running'}}
                40 made pods/p {metadata: {labels: {app: 'reports'}}, spec: {containers: [{name: 'web'}]}, %4$s}
                """.formatted(spec.formatted(""), spec.formatted(more), OF_WEB, why);
        assertThat(links("room-taken", "pods/p", tale)).isEmpty();
    }

    @Test
    void theVolumeOfAnEarlierClaimIsNotMissedByALaterOne() throws Exception {
        String claim = "persistentvolumeclaims/data";
        String told = """
                -10 is persistentvolumes/v {spec: {claimRef: {namespace: 'shop', name: 'data', uid: '%s'}}}
                -10 is persistentvolumeclaims/data {metadata: {uid: 'u-old'}, spec: {volumeName: 'v'}, status: {phase: 'Bound'}}
                10 gone persistentvolumeclaims/data
                15 gone persistentvolumes/v
                20 made persistentvolumeclaims/data {metadata: {uid: 'u-new'}, spec: {}, status: {phase: 'Pending'}}
                """;
        assertThat(links("claim-volume", claim, told.formatted("u-old"))).isEmpty();
        assertThat(links("claim-volume", claim, told.formatted(""))).containsExactly("A v DELETED");
    }

    @Test
    void anAnnotationThatWasPutBackBeforeThePodWasMadeIsNotWhatItReads() throws Exception {
        String web =
                "is deployments.apps/web {spec: {template: {metadata: {annotations: {peer: 'http://%s'}}, spec: {containers:"
                        + " [{name: 'web'}]}}}}\n";
        String told = "-10 is services/db {spec: {ports: [{port: 80}]}}\n-10 " + web.formatted("db") + "20 "
                + web.formatted("reel") + "%d " + web.formatted("db") + "30 made pods/web-1 {metadata: {" + OF_WEB
                + "}, spec: {containers: [{name: 'web', env: [{name: 'P', valueFrom: {fieldRef:"
                + " {fieldPath: \"metadata.annotations['peer']\"}}}]}]}, status: {phase: 'Running', containerStatuses: [{name: 'web',"
                + " state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', finishedAt: '"
                + Story.time(31) + "'}}}]}}\n";
        assertThat(links("own-annotations", WEB, told.formatted(90)))
                .containsExactly("A web CHANGED spec.template.metadata.annotations.peer");
        assertThat(links("own-annotations", WEB, told.formatted(25))).noneMatch(each -> each.startsWith("A"));
    }

    @Test
    void aWebhookThatLetOtherNodesReportSilencedNone() throws Exception {
        String ready =
                "is nodes/n1 {status: {conditions: [{type: 'Ready', status: '%s', reason: 'R', message: 'm'}]}}\n";
        String lease =
                "is leases.coordination.k8s.io/%s@kube-node-lease {spec: {leaseDurationSeconds: 40, renewTime: '%s'}}\n";
        String told = "-10 " + ready.formatted("True") + "-10 is services/other@ops {spec: {}}\n18 "
                + lease.formatted("n1", Story.time(18))
                + "20 made validatingwebhookconfigurations.admissionregistration.k8s.io/nodes {webhooks: [{name: 'nodes.example.com',"
                + " failurePolicy: 'Fail', clientConfig: {service: {namespace: 'ops', name: 'audit'}}, rules:"
                + " [{apiGroups: ['coordination.k8s.io'], operations: ['UPDATE'], resources: ['leases']}]}]}\n%s70 "
                + ready.formatted("Unknown");
        assertThat(links(
                        "heartbeat-refused", "nodes/n1", told.formatted("19 " + lease.formatted("n2", Story.time(19)))))
                .containsExactly("A nodes CREATED");
        assertThat(links(
                        "heartbeat-refused", "nodes/n1", told.formatted("60 " + lease.formatted("n2", Story.time(60)))))
                .containsExactly("B nodes CREATED");
    }

    @Test
    void aPodInTroubleIsMissedByItsNameUnlessThatIsPublishedAnyway() throws Exception {
        String told = """
                        -10 is services/db {spec: {clusterIP: 'None'%s, selector: {app: 'db'}}}
                        -10 is statefulsets.apps/db {spec: {serviceName: 'db', replicas: 1, template: {spec: {containers: []}}}}
                        30 is pods/db-0 {metadata: {labels: {app: 'db'}, %s}, spec: {hostname: 'db-0', subdomain: 'db', containers: [{name: 'db'}]}, status: {phase: 'Running', containerStatuses: [{name: 'db', state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', message: 'bad', finishedAt: '2026-02-02T02:40:30Z'}}}]}}
                        -10 base web {image: 'web:1'}
                        40 pod web {image: 'web:1'} crashed Error lookup %s on 10.0.0.1: no such host
                        """;
        assertThat(links("pod-names", WEB, told.formatted("", owner("StatefulSet", "db"), "db-0.db")))
                .containsExactly("B -> CRASHED db-0");
        assertThat(links("pod-names", WEB, told.formatted("", owner("StatefulSet", "db"), "db-1.db")))
                .isEmpty();
        String published = ", publishNotReadyAddresses: true";
        assertThat(links("pod-names", WEB, told.formatted(published, owner("StatefulSet", "db"), "db-0.db")))
                .isEmpty();
    }
}
