/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Times;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules about nodes, volumes and neighbours of pods, and what pods get of them, one by one: what they name, and what they do not. */
class PlaceRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    /** Pods of others may have what looks free. */
    private static final String HIDDEN = "0 hides pods\n";

    private static final String STORE = "statefulsets.apps/store";

    private static String unschedulable(String message) {
        return "status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '"
                + message + "'}]}";
    }

    @Test
    void aVolumeThatCannotBeUsedWhereItsNodeWasLabelledAnewIsProvedButNotOneThatCan() throws Exception {
        String tale = """
                -10 is nodes/n1 {metadata: {labels: {rack: 'a'}}, status: {allocatable: {cpu: '1'}}}
                -10 is persistentvolumes/v {spec: {nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: 'rack', operator: 'In', values: [%s]}]}]}}}}
                -10 is persistentvolumeclaims/data {spec: {volumeName: 'v'}, status: {phase: 'Bound'}}
                20 is nodes/n1 {metadata: {labels: {rack: 'b'}}, status: {allocatable: {cpu: '1'}}}
                30 made pods/p {spec: {volumes: [{name: 'd', persistentVolumeClaim: {claimName: 'data'}}], containers: [{name: 'web'}]}, %s}
                """;
        String told = unschedulable("1 node(s) had volume node affinity conflict");
        assertThat(links("node-fit", "pods/p", tale.formatted("'a'", told)))
                .containsExactly("A n1 CHANGED metadata.labels.rack");

        assertThat(links("node-fit", "pods/p", tale.formatted("'a'", told) + HIDDEN))
                .containsExactly("B n1 CHANGED metadata.labels.rack");

        assertThat(links("node-fit", "pods/p", tale.formatted("'a', 'b'", told)))
                .isEmpty();
    }

    @Test
    void aClaimWhoseVolumeCannotBeUsedOnAnyNodeIsProvedIfAnotherWasNamedBefore() throws Exception {
        String rack =
                "{spec: {nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: 'rack', operator: 'In', values:"
                        + " ['%s']}]}]}}}}\n";
        String claim = "-10 is persistentvolumeclaims/%s {spec: {volumeName: '%1$s'}, status: {phase: 'Bound'}}\n";
        String spec = "volumes: [{name: 'd', persistentVolumeClaim: {claimName: '%s'}}], containers: [{name: 'web'}]";
        String tale =
                "-10 is nodes/n1 {metadata: {labels: {rack: 'a'}}, status: {allocatable: {cpu: '1'}}}\n-10 is persistentvolumes/near "
                        + rack.formatted("%s") + "-10 is persistentvolumes/far " + rack.formatted("b")
                        + claim.formatted("near")
                        + claim.formatted("far")
                        + rollout(
                                spec.formatted("near"),
                                spec.formatted("far"),
                                "{"
                                        + unschedulable("1 node(s) had volume node affinity conflict")
                                                .replaceFirst("^status: \\{", ""));
        String field = " web CHANGED spec.template.spec.volumes[name=d].persistentVolumeClaim.claimName";
        assertThat(links("node-fit", "deployments.apps/web", tale.formatted("a")))
                .containsExactly("A" + field);
        assertThat(links("node-fit", "deployments.apps/web", tale.formatted("b")))
                .containsExactly("B" + field);
    }

    @Test
    void aDeviceThatANodeHasNoMoreIsProvedToWhoAsksForItOnly() throws Exception {
        String node =
                "is nodes/n1 {spec: {}, status: {capacity: {'example.com/head': '%d'}, allocatable: {cpu: '1', 'example.com/head':"
                        + " '%d'}}}\n";
        String tale = "-10 is nodes/n1 {spec: {}, status: {allocatable: {cpu: '1'}}}\n5 " + node.formatted(1, 1) + "20 "
                + node.formatted(0, 1) + "22 " + node.formatted(0, 0)
                + "30 made pods/p {spec: {containers: [{name: 'web', resources: {limits: {'example.com/%s': '1'}}}]}, "
                + unschedulable("1 Insufficient example.com/head.") + "}\n";
        assertThat(links("node-resource", "pods/p", tale.formatted("head")))
                .containsExactly("A n1 CHANGED status.capacity[\"example.com/head\"]");

        assertThat(links("node-resource", "pods/p", tale.formatted("head") + HIDDEN))
                .containsExactly("B n1 CHANGED status.capacity[\"example.com/head\"]");

        assertThat(links("node-resource", "pods/p", tale.formatted("lamp"))).isEmpty();

        assertThat(links("node-resource", "pods/p", (tale + "25 " + node.formatted(1, 1)).formatted("head")))
                .as("the node has got it back")
                .isEmpty();
    }

    /** A condition tells of whole seconds: in that one, the pod that is replaced was still there. */
    @Test
    void aPodThatEndedBeforeItsSuccessorWasMadeTakesNothingFromIt() throws Exception {
        String device =
                "containers: [{name: 'web', resources: {requests: {'example.com/head': '1'}, limits: {'example.com/head': '1'}}}]";
        String since = Times.instant(Story.START + 29L * Story.SECOND).toString();
        String pod = unschedulable("1 Insufficient example.com/head.")
                .replace("message:", "lastTransitionTime: '" + since + "', message:");
        String tale =
                "-10 is nodes/n1 {spec: {}, status: {capacity: {'example.com/head': '1'}, allocatable: {'example.com/head': '1'}}}\n"
                        + "-5 is pods/old {spec: {nodeName: 'n1', " + device + "}, status: {phase: 'Running'}}\n"
                        + "20 is nodes/n1 {spec: {}, status: {capacity: {'example.com/head': '0'}, allocatable: {'example.com/head': '0'}}}\n"
                        + "%s"
                        + "30 made pods/p {spec: {" + device + "}, " + pod + "}\n";
        assertThat(links("node-resource", "pods/p", tale.formatted("30 gone pods/old\n")))
                .containsExactly("A n1 CHANGED status.capacity[\"example.com/head\"]");

        assertThat(links("node-resource", "pods/p", tale.formatted(""))).isEmpty();
    }

    @Test
    void anOverheadThatWasRaisedIsProvedIfANodeTookThePodBefore() throws Exception {
        String tale = """
                -10 is nodes/n1 {spec: {}, status: {allocatable: {memory: '%s'}}}
                -10 is runtimeclasses.node.k8s.io/r {overhead: {podFixed: {memory: '8Mi'}}}
                20 is runtimeclasses.node.k8s.io/r {overhead: {podFixed: {memory: '900Gi'}}}
                30 made pods/p {spec: {runtimeClassName: 'r', overhead: {memory: '900Gi'}, containers: [{name: 'web', resources: {requests: {memory: '16Mi'}}}]}, %s}
                """;
        String told = unschedulable("1 Insufficient memory.");
        assertThat(links("runtime-overhead", "pods/p", tale.formatted("4Gi", told)))
                .containsExactly("A r CHANGED overhead.podFixed.memory");

        assertThat(links("runtime-overhead", "pods/p", tale.formatted("8Mi", told)))
                .containsExactly("B r CHANGED overhead.podFixed.memory");

        assertThat(links("runtime-overhead", "pods/p", tale.formatted("4Gi", told) + HIDDEN))
                .containsExactly("B r CHANGED overhead.podFixed.memory");
    }

    @Test
    void aDefaultThatWasRaisedBeyondNodesIsProvedToPodsThatGotItOnly() throws Exception {
        String range = "is limitranges/l {spec: {limits: [{type: 'Container', defaultRequest: {cpu: '%s'}%s}]}}\n";
        String tale = "-10 is nodes/n1 {spec: {}, status: {allocatable: {cpu: '%s'}}}\n-10 " + range.formatted("5m", "")
                + "20 " + range.formatted("512", ", min: {cpu: '5m'}")
                + "30 made pods/p {metadata: {annotations: {'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu request for"
                + " container %s'}}, spec: {containers: [{name: 'web', resources: {requests: {cpu: '%s'}}}]}, "
                + unschedulable("1 Insufficient cpu.") + "}\n";
        String field = "l CHANGED spec.limits[type=Container].defaultRequest.cpu";
        assertThat(links("default-request", "pods/p", tale.formatted("2", "web", "512")))
                .containsExactly("A " + field);

        assertThat(links("default-request", "pods/p", tale.formatted("2", "web", "512") + HIDDEN))
                .containsExactly("B " + field);
        assertThat(links("default-request", "pods/p", tale.formatted("4m", "web", "512")))
                .as("no node took it with what was the default before")
                .containsExactly("B " + field);
        assertThat(links("default-request", "pods/p", tale.formatted("2", "side", "512")))
                .as("its template asks for it")
                .isEmpty();
        assertThat(links("default-request", "pods/p", tale.formatted("2", "web", "3")))
                .as("it was given by another one")
                .isEmpty();
    }

    @Test
    void aNeighbourThatKeepsOthersAwayIsProvedToThoseThatItMeansOnly() throws Exception {
        String batch =
                "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels:"
                        + " {app: '%s'}}, topologyKey: 'host'}]}}, containers: [{name: 'b'}]";
        String tale = """
                -10 is nodes/n1 {metadata: {labels: {host: 'n1'}}, status: {allocatable: {cpu: '1'}}}
                -10 is deployments.apps/web {spec: {template: {spec: {containers: [{name: 'b'}]}}}}
                20 is deployments.apps/web {spec: {template: {spec: {%s}}}}
                21 made pods/web-1 {metadata: {%s}, spec: {nodeName: 'n1', %s}, status: {phase: 'Running'}}
                40 made pods/p {metadata: {labels: {app: 'reports'}}, spec: {containers: [{name: 'web'}]}, %s}
                """.formatted(
                batch, OF_WEB, batch, unschedulable("1 node(s) did not satisfy existing pods anti-affinity rules"));
        assertThat(links("room-taken", "pods/p", tale.formatted("reports", "reports")))
                .containsExactly("A web CHANGED spec.template.spec.affinity");

        assertThat(links("room-taken", "pods/p", tale.formatted("other", "other")))
                .isEmpty();
    }

    @Test
    void podsThatKeepEachOtherAwayAreTheirTemplatesButNotWhereAnotherOneKeepsThemAway() throws Exception {
        String spec =
                "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels:"
                        + " {app: 'web'}}, topologyKey: 'host'}]}}, containers: [{name: 'b'}]";
        String tale = """
                -10 is nodes/n1 {metadata: {labels: {host: 'n1'}}, status: {allocatable: {cpu: '1'}}}
                -10 is deployments.apps/web {spec: {template: {spec: {containers: [{name: 'b'}]}}}}
                20 is deployments.apps/web {spec: {template: {spec: {%3$s}}}}
                21 made pods/web-1 {metadata: {labels: {app: 'web', 'pod-template-hash': 'b'}, %1$s}, spec: {nodeName: 'n1', %3$s}, status: {phase: 'Running'}}
                22 made pods/web-2 {metadata: {labels: {app: 'web', 'pod-template-hash': 'b'}, %2$s}, spec: {%3$s}, %4$s}
                """;
        String told = unschedulable("1 node(s) did not match pod anti-affinity rules");
        String field = "web CHANGED spec.template.spec.affinity";
        assertThat(links("node-fit", "pods/web-2", tale.formatted(OF_WEB, OF_WEB, spec, told)))
                .containsExactly("A " + field);

        assertThat(links("node-fit", "pods/web-2", tale.formatted("labels2: {}", OF_WEB, spec, told)))
                .containsExactly("B " + field);
    }

    @Test
    void aPortOfTheNodeThatAnEarlierPodOfTheTemplateGotIsMissingToTheNextOne() throws Exception {
        String spec = "containers: [{name: 'b', ports: [{containerPort: 80, hostPort: %d}]}]";
        String tale = """
                -10 is nodes/n1 {status: {allocatable: {pods: '9'}}}
                -10 is deployments.apps/web {spec: {template: {spec: {containers: [{name: 'b', ports: [{containerPort: 80}]}]}}}}
                20 is deployments.apps/web {spec: {template: {spec: {%2$s}}}}
                21 made pods/web-1 {metadata: {labels: {'pod-template-hash': 'a'}, %1$s}, spec: {nodeName: 'n1', %3$s}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                40 is deployments.apps/web {spec: {template: {metadata: {annotations: {note: 'new'}}, spec: {%2$s}}}}
                41 made pods/web-2 {metadata: {labels: {'pod-template-hash': 'b'}, %1$s}, spec: {%2$s}, %4$s}
                """;
        String told = unschedulable("1 node(s) didn\\u0027t have free ports for the requested pod ports");
        String port = "web CHANGED spec.template.spec.containers[name=b].ports[containerPort=80].hostPort";
        assertThat(links(
                        "node-fit", "pods/web-2", tale.formatted(OF_WEB, spec.formatted(80), spec.formatted(80), told)))
                .containsExactly("A " + port);
        assertThat(links(
                        "node-fit", "pods/web-2", tale.formatted(OF_WEB, spec.formatted(80), spec.formatted(81), told)))
                .as("another one has it")
                .containsExactly("B " + port);
    }

    @Test
    void whatThePodBeforeHasIsMissingToTheNextOneSinceItStaysUntilThatIsReady() throws Exception {
        String spec = "containers: [{name: 'b', image: '%s', ports: [{containerPort: 80, hostPort: 80}]}]";
        String strategy = "strategy: {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: '%s', maxSurge: 1}}";
        String tale = """
                -10 is nodes/n1 {status: {allocatable: {pods: '9'}}}
                -10 is deployments.apps/web {spec: {replicas: 1, %5$s, template: {spec: {%3$s}}}}
                -8 made pods/web-1 {metadata: {labels: {'pod-template-hash': 'a'}, %1$s}, spec: {nodeName: '%7$s', %3$s}, status: {phase: 'Running'}}
                10 is deployments.apps/web {spec: {replicas: 1, %6$s, template: {spec: {%3$s}}}}
                20 is deployments.apps/web {spec: {replicas: 1, %6$s, template: {spec: {%4$s}}}}
                21 made pods/web-2 {metadata: {labels: {'pod-template-hash': 'b'}, %1$s}, spec: {%4$s}, %2$s}
                """;
        String told = unschedulable("1 node(s) didn\\u0027t have free ports for the requested pod ports");
        String rolling = strategy.formatted("25%");
        for (String before : List.of("strategy: {type: 'Recreate'}", strategy.formatted("1"))) {
            assertThat(links(
                            "surge-room",
                            "pods/web-2",
                            tale.formatted(
                                    OF_WEB, told, spec.formatted("1"), spec.formatted("2"), before, rolling, "n1")))
                    .as(before)
                    .anyMatch(each -> each.startsWith("A web CHANGED spec.strategy"));
        }

        assertThat(links(
                        "surge-room",
                        "pods/web-2",
                        tale.formatted(
                                OF_WEB,
                                told,
                                spec.formatted("1"),
                                spec.formatted("2"),
                                strategy.formatted("0"),
                                rolling,
                                "n1")))
                .as("it was so before")
                .isEmpty();
        assertThat(links(
                        "surge-room",
                        "pods/web-2",
                        tale.formatted(
                                OF_WEB,
                                told,
                                spec.formatted("1"),
                                spec.formatted("2"),
                                "strategy: {type: 'Recreate'}",
                                rolling,
                                "n2")))
                .as("the one before is elsewhere")
                .isEmpty();
    }

    @Test
    void podsThatMayNotCrowdOnePlaceAreTheirTemplatesOrThatOfWhoTookThePlaceAway() throws Exception {
        String spec =
                "topologySpreadConstraints: [{maxSkew: %d, topologyKey: '%s', whenUnsatisfiable: '%s', labelSelector:"
                        + " {matchLabels: {app: 'web'}}}], containers: [{name: 'b'}]";
        String tale = """
                -10 is nodes/n1 {metadata: {labels: {zone: 'a', host: 'n1'}}, status: {allocatable: {pods: '9'}}}
                -10 is nodes/n2 {metadata: {labels: {zone: 'b', host: 'n2'}}, spec: {unschedulable: true}, status: {allocatable: {pods: '9'}}}
                -10 is deployments.apps/web {spec: {template: {spec: {containers: [{name: 'b'}]}}}}
                20 is deployments.apps/web {spec: {template: {spec: {%2$s}}}}
                21 made pods/web-1 {metadata: {labels: {app: 'web'}, %1$s}, spec: {nodeName: 'n1', %2$s}, status: {phase: 'Running'}}
                22 made pods/web-2 {metadata: {labels: {app: 'web'}, %1$s}, spec: {%2$s}, %3$s}
                """;
        String told = unschedulable("1 node(s) didn\\u0027t match pod topology spread constraints");
        String field = "web CHANGED spec.template.spec.topologySpreadConstraints";
        for (String proved : List.of(
                spec.formatted(1, "zone", "DoNotSchedule"),
                spec.formatted(1, "host", "DoNotSchedule"),
                spec.formatted(9, "rack", "DoNotSchedule"))) {
            assertThat(links("node-fit", "pods/web-2", tale.formatted(OF_WEB, proved, told)))
                    .as(proved)
                    .containsExactly("A " + field);
        }
        for (String harmless :
                List.of(spec.formatted(2, "zone", "DoNotSchedule"), spec.formatted(1, "zone", "ScheduleAnyway"))) {
            assertThat(links("node-fit", "pods/web-2", tale.formatted(OF_WEB, harmless, told)))
                    .as(harmless)
                    .containsExactly("B " + field);
        }

        String unlabelled = """
                -10 is nodes/n1 {metadata: {labels: {zone: 'a'}}, status: {allocatable: {pods: '9'}}}
                -10 is deployments.apps/web {spec: {template: {spec: {%2$s}}}}
                10 is nodes/n1 {metadata: {labels: {}}, status: {allocatable: {pods: '9'}}}
                22 made pods/web-2 {metadata: {labels: {app: 'web'}, %1$s}, spec: {%2$s}, %3$s}
                """;
        assertThat(links(
                        "node-fit",
                        "pods/web-2",
                        unlabelled.formatted(OF_WEB, spec.formatted(1, "zone", "DoNotSchedule"), told)))
                .containsExactly("A n1 CHANGED metadata.labels.zone");
        assertThat(links(
                        "node-fit",
                        "pods/web-2",
                        unlabelled.formatted(OF_WEB, spec.formatted(1, "zone", "ScheduleAnyway"), told)))
                .isEmpty();
    }

    @Test
    void aVolumeForOnePodIsHeldByTheOneBeforeSinceTheStrategyChangedButNotWhereNobodyHasIt() throws Exception {
        String spec = "volumes: [{name: 'd', persistentVolumeClaim: {claimName: '%s'}}], containers: [{name: 'web'}]";
        String tale = """
                -20 is deployments.apps/web {spec: {strategy: {type: 'Recreate'}, template: {spec: {containers: []}}}}
                -10 is pods/web-1 {metadata: {labels: {'pod-template-hash': 'a'}, %1$s}, spec: {nodeName: 'n1', %2$s}, status: {phase: 'Running'}}
                10 is deployments.apps/web {spec: {strategy: {type: 'RollingUpdate'}, template: {spec: {containers: []}}}}
                20 made pods/web-2 {metadata: {labels: {'pod-template-hash': 'b'}, %1$s}, spec: {%3$s}, %4$s}
                """;
        String told = unschedulable(
                "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode");
        assertThat(links("shared-volume", WEB, tale.formatted(OF_WEB, spec.formatted("a"), spec.formatted("a"), told)))
                .containsExactly("A web CHANGED spec.strategy.type");

        assertThat(links("shared-volume", WEB, tale.formatted(OF_WEB, spec.formatted("b"), spec.formatted("a"), told)))
                .isEmpty();

        String putBack =
                "15 is deployments.apps/web {spec: {strategy: {type: 'Recreate'}, template: {spec: {containers: []}}}}\n";
        assertThat(links(
                        "shared-volume",
                        WEB,
                        tale.formatted(OF_WEB, spec.formatted("a"), spec.formatted("a"), told) + putBack))
                .isEmpty();
    }

    @Test
    void aVolumeOfItsOwnIsHeldByNoOtherPodOfTheStatefulSet() throws Exception {
        String pod =
                "pods/store-%1$s {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'StatefulSet', controller: true,"
                        + " name: 'store', uid: 'u-store'}]}, spec: {%2$s volumes: [{name: 'd', persistentVolumeClaim: {claimName:"
                        + " 'd-%3$s'}}], containers: [{name: 'web'}]}, %4$s}\n";
        String running = "status: {phase: 'Running'}";
        String told = unschedulable(
                "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode");
        String tale =
                "-20 is statefulsets.apps/store {spec: {replicas: 1, template: {spec: {containers: []}}}}\n-10 is "
                        + pod.formatted("9", "nodeName: 'n1',", "0", running)
                        + "10 is statefulsets.apps/store {spec: {replicas: 3, template: {spec: {containers: []}}}}\n12 made "
                        + pod.formatted("1", "nodeName: 'n1',", "%1$s", running) + "30 made "
                        + pod.formatted("0", "", "0", told)
                        + "25 gone pods/store-9\n";
        assertThat(links("shared-volume", "pods/store-0", tale.formatted("1"))).isEmpty();

        assertThat(links("shared-volume", "pods/store-0", tale.formatted("0")))
                .containsExactly("A store CHANGED spec.replicas");
    }

    @Test
    void aPodWhoseLimitWasLoweredWhileItRanIsTheCauseButNotOneWhoseLimitWasRaised() throws Exception {
        String pod =
                "is pods/store-0 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'StatefulSet', controller: true, name:"
                        + " 'store', uid: 'u-store'}]}, spec: {containers: [{name: 'web', resources: {limits: {cpu: '%s'}}}]}, status: %s}\n";
        String unready =
                "{phase: 'Running', conditions: [{type: 'Ready', status: 'False'}], containerStatuses: [{name: 'web',"
                        + " ready: false, state: {running: {startedAt: '" + Story.time(1) + "'}}}]}";
        String tale =
                "-30 is statefulsets.apps/store {spec: {template: {spec: {containers: [{name: 'web', resources: {limits: {cpu:"
                        + " '500m'}}}]}}}}\n-20 " + pod.formatted("500m", Story.ready()) + "20 "
                        + pod.formatted("%1$s", Story.ready()) + "40 " + pod.formatted("%1$s", unready)
                        + "40 event Pod/store-0 Unhealthy Readiness probe failed: context deadline exceeded\n";
        assertThat(links("cpu-limit", STORE, tale.formatted("20m")))
                .containsExactly("B store-0 CHANGED spec.containers[name=web].resources.limits.cpu");

        assertThat(links("cpu-limit", STORE, tale.formatted("900m"))).isEmpty();
    }

    @Test
    void aSizeThatAnEvictionNamesIsProvedAndAnotherOneIsNot() throws Exception {
        String volume = "volumes: [{name: 's', emptyDir: {%s}}], containers: [{name: 'web'}]";
        String evicted =
                "{phase: 'Failed', reason: 'Evicted', message: 'Usage of EmptyDir volume \"s\" exceeds the limit \"%s\". '}";
        String field = "web CHANGED spec.template.spec.volumes[name=s].emptyDir.sizeLimit";
        String tale = rollout(volume.formatted(""), volume.formatted("sizeLimit: '16Mi'"), evicted);
        assertThat(links("storage-limit", WEB, tale.formatted("16Mi"))).containsExactly("A " + field);

        assertThat(links("storage-limit", WEB, tale.formatted("32Mi"))).containsExactly("B " + field);
        String raised = rollout(volume.formatted("sizeLimit: '8Mi'"), volume.formatted("sizeLimit: '16Mi'"), evicted);
        assertThat(links("storage-limit", WEB, raised.formatted("16Mi"))).isEmpty();
    }

    @Test
    void ofAWholePodOnlyLimitsThatAreSetAreAddedUp() throws Exception {
        String two = "containers: [{name: 'web', resources: {limits: {'ephemeral-storage': '%s'}}}, {name: 'side'%s}]";
        String evicted =
                "{phase: 'Failed', reason: 'Evicted', message: 'Pod ephemeral local storage usage exceeds the total"
                        + " limit of containers %s. '}";
        String side = ", resources: {limits: {'ephemeral-storage': '1Gi'}}";
        assertThat(links(
                        "storage-limit",
                        WEB,
                        rollout(two.formatted("1Gi", ""), two.formatted("1Gi", side), evicted.formatted("2Gi"))))
                .as("a second limit admits more")
                .isEmpty();

        assertThat(links(
                        "storage-limit",
                        WEB,
                        rollout(two.formatted("2Gi", ""), two.formatted("1Gi", ""), evicted.formatted("1Gi"))))
                .containsExactly(
                        "A web CHANGED spec.template.spec.containers[name=web].resources.limits.ephemeral-storage");
    }

    @Test
    void aVolumeThatWasMovedToMemoryCountsForWhoWritesToItOnly() throws Exception {
        String spec =
                "volumes: [{name: 's', emptyDir: {%s}}], containers: [{name: 'web', volumeMounts: [{name: 's', readOnly: %s}]}]";
        String killed = Story.crashed(22, "OOMKilled", "");
        assertThat(links(
                        "demand",
                        WEB,
                        rollout(spec.formatted("", false), spec.formatted("medium: 'Memory'", false), killed)))
                .containsExactly("B web CHANGED spec.template.spec.volumes[name=s].emptyDir.medium");

        assertThat(links(
                        "demand",
                        WEB,
                        rollout(spec.formatted("", true), spec.formatted("medium: 'Memory'", true), killed)))
                .isEmpty();
    }

    @Test
    void aContainerThatRunsBesideOthersAndIsAskedAtThePortItHadFailsForItsArguments() throws Exception {
        String spec = "initContainers: [{name: 'proxy', restartPolicy: 'Always', args: ['--port=%d'],"
                + " startupProbe: {httpGet: {port: 15001}}}], containers: [{name: 'web'}]";
        String status =
                "{phase: 'Pending', conditions: [{type: 'Ready', status: 'False'}], initContainerStatuses: [{name: 'proxy',"
                        + " ready: %s, state: {running: {startedAt: '" + Story.time(22) + "'}}}]}";
        String told =
                "30 event Pod/web-1 Unhealthy Startup probe failed: dial tcp 10.0.0.1:15001: connect: connection refused\n";
        assertThat(causes(WEB, rollout(spec.formatted(15001), spec.formatted(15006), status.formatted(false)) + told))
                .startsWith("B web CHANGED spec.template.spec.initContainers[name=proxy].args[0]");

        assertThat(causes(WEB, rollout(spec.formatted(15001), spec.formatted(15006), status.formatted(true)) + told))
                .isEmpty();
    }

    @Test
    void nodesThatARuntimeClassAsksForAreProvedIfANodeTookThePodBefore() throws Exception {
        String tale = """
                -10 is nodes/n1 {metadata: {labels: {zone: 'a'}}, spec: {}, status: {allocatable: {memory: '4Gi'}}}
                -10 is runtimeclasses.node.k8s.io/r {handler: 'runc'}
                20 is runtimeclasses.node.k8s.io/r {handler: 'runc', scheduling: {nodeSelector: {%s}}}
                30 made pods/p {spec: {runtimeClassName: 'r', nodeSelector: {pool: 'x'}, containers: [{name: 'web'}]}, %s}
                """;
        String told = unschedulable("1 node(s) do not match.");
        assertThat(links("runtime-places", "pods/p", tale.formatted("pool: 'x'", told)))
                .containsExactly("A r CHANGED scheduling");
        assertThat(links("runtime-places", "pods/p", tale.formatted("zone: 'a'", told)))
                .as("the pod does not ask for it")
                .isEmpty();
    }
}
