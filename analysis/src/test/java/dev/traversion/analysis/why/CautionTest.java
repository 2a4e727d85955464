/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Recording;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What looks like a proof, and is none, or like nothing, and is something. */
class CautionTest {

    private static final String WEB = "deployments.apps/web";
    private static final String OF_WEB =
            "ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]";

    @TempDir
    private Path directory;

    private int asked;

    @BeforeEach
    void begin() {
        asked = 0;
    }

    private List<String> links(String rule, String target, String tale) throws Exception {
        return Tale.links(directory.resolve("tale-" + asked++), rule, target, tale);
    }

    private List<String> causes(String target, String tale) throws Exception {
        return Tale.causes(directory.resolve("tale-" + asked++), target, tale);
    }

    private static String unschedulable(String message) {
        return "status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '"
                + message + "'}]}";
    }

    @Test
    void aServiceThatStandsForAnotherNameNeedNotTellOfItsPorts() throws Exception {
        String tale = """
                -20 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80}]}}
                -20 is services/far {spec: {%s}}
                -10 base web {image: 'web:1', args: ['http://db/']}
                20 rollout web b {image: 'web:1', args: ['http://far/']} crashed Error no answer from far
                """;
        assertThat(links("peer-address", WEB, tale.formatted("clusterIP: '10.0.0.8', ports: [{port: 8080}]")))
                .contains("A web CHANGED spec.template.spec.containers[name=web].args[0]");
        assertThat(links("peer-address", WEB, tale.formatted("type: 'ExternalName', externalName: 'example.com'")))
                .noneMatch(each -> each.startsWith("A"));
    }

    @Test
    void whoFailedForLongAndIsWellAgainIsStillToldOf() throws Exception {
        String tale = """
                -10 base web {image: 'web:1'}
                20 is deployments.apps/web {spec: {replicas: 1, template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'web:2'}]}}}}
                21 made pods/web-b-x {metadata: {labels: {app: 'web', 'pod-template-hash': 'b'}, %s}, spec: {containers: [{name: 'web', image: 'web:2'}]}, status: {containerStatuses: [{name: 'web', ready: true, restartCount: %d, lastState: {terminated: {exitCode: 1, reason: 'Error', startedAt: '%s', finishedAt: '%s'}}, state: {running: {startedAt: '%s'}}}]}}
                """;
        assertThat(causes(WEB, tale.formatted(OF_WEB, 5, Story.time(158), Story.time(160), Story.time(200))))
                .contains("B web CHANGED spec.template.spec.containers[name=web].image");
        assertThat(causes(WEB, tale.formatted(OF_WEB, 5, Story.time(38), Story.time(40), Story.time(60))))
                .isEmpty();
        assertThat(causes(WEB, tale.formatted(OF_WEB, 1, Story.time(158), Story.time(160), Story.time(170))))
                .as("its image came late")
                .isEmpty();
    }

    @Test
    void aJobOfTheSameNameThatCameToItsEndSpeaksForItsOwnPodsOnly() throws Exception {
        String tale = """
                -20 is configmaps/settings {data: {mode: 'a'}}
                5 is configmaps/settings {data: {mode: 'b'}}
                8 made pods/import-1 {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'Job', controller: true, name: 'import', uid: 'u-old'}]}, spec: {containers: [{name: 'import', envFrom: [{configMapRef: {name: 'settings'}}]}]}, status: {containerStatuses: [{name: 'import', state: {terminated: {exitCode: 1, reason: 'Error', finishedAt: '2026-02-02T02:40:07Z'}}}]}}
                7 made jobs.batch/import {metadata: {uid: 'u-old'}, spec: {template: {spec: {containers: [{name: 'import'}]}}}}
                20 gone jobs.batch/import
                21 made jobs.batch/import {metadata: {uid: '%s'}, spec: {template: {spec: {containers: [{name: 'import'}]}}}, status: {conditions: [{type: 'Complete', status: 'True', lastTransitionTime: '2026-02-02T02:40:30Z'}]}}
                """;
        assertThat(links("config-content", "pods/import-1", tale.formatted("u-new")))
                .contains("B settings CHANGED data.mode");
        assertThat(causes("jobs.batch/import", tale.formatted("u-old"))).isEmpty();
    }

    @Test
    void whatHadEndedByTheDeadlineOfItsJobIsNotWhatItFailedBy() throws Exception {
        String pod =
                "pods/move-%d {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'Job', controller: true, name: 'move', uid:"
                        + " 'u-move'}]%s}, spec: {containers: [{name: 'move'}]}, status: {containerStatuses: [{name: 'move', state:"
                        + " {%s}}]}}\n";
        String runs = "running: {startedAt: '2026-02-02T02:40:22Z'}";
        String done = "terminated: {exitCode: 0, finishedAt: '2026-02-02T02:40:30Z'}";
        assertThat(links(
                        "job-failed",
                        "jobs.batch/move",
                        "20 made jobs.batch/move {spec: {activeDeadlineSeconds: 30, completions: 2}}\n21 made "
                                + pod.formatted(1, "", runs) + "30 made " + pod.formatted(1, "", done) + "31 made "
                                + pod.formatted(2, "", runs) + "50 made "
                                + pod.formatted(2, ", deletionTimestamp: '2026-02-02T02:41:20Z'", done)
                                + "50 is jobs.batch/move {spec: {activeDeadlineSeconds: 30}, status: {conditions: [{type:"
                                + " 'Failed', status: 'True', reason: 'DeadlineExceeded', lastTransitionTime:"
                                + " '2026-02-02T02:40:50Z'}]}}\n"))
                .containsExactly("A -> JOB_UNFINISHED move-2");
    }

    @Test
    void aPortOfAnotherProtocolIsMissed() throws Exception {
        String service =
                " is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{name: 'db', port: 80, protocol: '%s'}]}}\n";
        String tale = "-10 base web {image: 'web:1', args: ['http://db/']}\n-20" + service.formatted("TCP") + "10"
                + service.formatted("UDP")
                + "20 pod web {image: 'web:1', args: ['http://db%s/']} crashed Error no answer\n";
        String field = "db CHANGED spec.ports[name=db].protocol";
        assertThat(links("service-port", WEB, tale.formatted(""))).contains("A " + field);
        assertThat(links("service-port", WEB, tale.formatted(":81"))).contains("B " + field);
    }

    @Test
    void aPortThatIsThereAgainIsNotMissed() throws Exception {
        String service =
                " is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: %d}]}}\n";
        String tale = "-10 base web {image: 'web:1', args: ['http://db/']}\n-20" + service.formatted(80) + "10"
                + service.formatted(8080)
                + "%s20 pod web {image: 'web:1', args: ['http://db/']} crashed Error no answer\n";
        assertThat(links("service-port", WEB, tale.formatted(""))).contains("A db CHANGED spec.ports[port=80]");
        assertThat(links("service-port", WEB, tale.formatted("15" + service.formatted(80))))
                .isNotEmpty()
                .noneMatch(each -> each.startsWith("A"));
    }

    @Test
    void aStrategyWithWhichARolloutWentWellOrWhichLetTooFewGoIsNotProved() throws Exception {
        String tale = """
                -10 is nodes/n1 {status: {allocatable: {cpu: '4'}}}
                -10 is deployments.apps/web {spec: {replicas: 2, strategy: {%2$s}, template: {spec: {containers: [{name: 'b'}]}}}}
                -8 made pods/web-1 {metadata: {labels: {'pod-template-hash': 'a'}, %1$s}, spec: {nodeName: 'n1', containers: [{name: 'b', resources: {requests: {cpu: '2'}}}]}, status: {phase: 'Running'}}
                %5$d made pods/web-2 {metadata: {labels: {'pod-template-hash': 'a'}, %1$s}, spec: {nodeName: 'n1', containers: [{name: 'b', resources: {requests: {cpu: '2'}}}]}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                10 is deployments.apps/web {spec: {replicas: 2, strategy: {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}, template: {spec: {containers: [{name: 'b'}]}}}}
                40 made pods/web-3 {metadata: {labels: {'pod-template-hash': 'b'}, %1$s}, spec: {containers: [{name: 'b', resources: {requests: {cpu: '%3$d'}}}]}, %4$s}
                """;
        String told = unschedulable("0/1 nodes are available: 1 Insufficient cpu.");
        String one = "type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 1, maxSurge: 1}";
        String field = "web CHANGED spec.strategy.rollingUpdate.maxUnavailable";
        assertThat(links("surge-room", "pods/web-3", tale.formatted(OF_WEB, one, 2, told, -7)))
                .containsExactly("A " + field);

        assertThat(links("surge-room", "pods/web-3", tale.formatted(OF_WEB, one, 4, told, -7)))
                .as("both have to go")
                .containsExactly("B " + field);
        assertThat(links("surge-room", "pods/web-3", tale.formatted(OF_WEB, "type: 'Recreate'", 4, told, -7)))
                .as("both went")
                .anyMatch(each -> each.startsWith("A web CHANGED spec.strategy"));
        assertThat(links("surge-room", "pods/web-3", tale.formatted(OF_WEB, one, 2, told, 20)))
                .as("one got ready since")
                .containsExactly("B " + field);
    }

    @Test
    void whoTookTheRoomLaterCountsMoreThanARequestWithWhichAnotherPodFoundItsPlace() throws Exception {
        String tale = """
                -10 is nodes/n1 {status: {allocatable: {cpu: '5'}}}
                -10 is deployments.apps/web {spec: {template: {spec: {containers: [{name: 'b', resources: {requests: {cpu: '1'}}}]}}}}
                1 is deployments.apps/web {spec: {template: {spec: {%2$s}}}}
                2 made pods/web-1 {metadata: {labels: {'pod-template-hash': 'a'}, %1$s}, spec: {nodeName: 'n1', %2$s}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                20 made deployments.apps/other {spec: {template: {spec: {%2$s}}}}
                21 made pods/other-1 {metadata: {%3$s}, spec: {nodeName: 'n1', %2$s}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                40 is deployments.apps/web {spec: {template: {metadata: {annotations: {note: 'new'}}, spec: {%2$s}}}}
                41 made pods/web-2 {metadata: {labels: {'pod-template-hash': 'b'}, %1$s}, spec: {%2$s}, %4$s}
                """.formatted(
                        OF_WEB,
                        "containers: [{name: 'b', resources: {requests: {cpu: '2'}}}]",
                        OF_WEB.replace("web", "other"),
                        unschedulable("0/1 nodes are available: 1 Insufficient cpu."));
        assertThat(causes("pods/web-2", tale)).startsWith("A other CREATED");
    }

    @Test
    void aPolicyOfAWebhookThatLetPodsInSinceIsNotProved() throws Exception {
        String hook =
                " is mutatingwebhookconfigurations.admissionregistration.k8s.io/hooks {webhooks: [{name: 'pods.example.com',"
                        + " failurePolicy: '%s', clientConfig: {%s}}]}\n";
        String url = "url: 'https://db.shop.svc:443/'";
        String tale = "-10" + hook.formatted("Ignore", url) + "10" + hook.formatted("Fail", url) + """
                -10 base web {image: 'web:1'}
                %s
                20 rollout web b {image: 'web:2'} refused
                22 event ReplicaSet/web-b FailedCreate failed calling webhook "pods.example.com": Post "https://db.shop.svc:443/": %s
                """;
        String policy = "hooks CHANGED webhooks[name=pods.example.com].failurePolicy";
        assertThat(links("admission-webhook", WEB, tale.formatted("", "refused")))
                .containsExactly("A " + policy);

        String made = "14 made pods/web-2 {metadata: {labels: {app: 'web'}, " + OF_WEB + "}, spec: {containers: []}}";
        assertThat(links("admission-webhook", WEB, tale.formatted(made, "refused")))
                .containsExactly("B " + policy);
        assertThat(links("admission-webhook", WEB, tale.formatted("", "certificate has expired")))
                .containsExactly("B " + policy);
    }

    @Test
    void podsThatAreToGoDoNotCountWhereOthersAreToBeSpread() throws Exception {
        String spread =
                "topologySpreadConstraints: [{maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector:"
                        + " {matchLabels: {app: 'web'}}}], containers: [{name: 'b'}]";
        String tale = """
                -10 is nodes/n1 {metadata: {labels: {zone: 'a'}}, status: {allocatable: {pods: '9'}}}
                -10 is nodes/n2 {metadata: {labels: {zone: 'b'}}, spec: {unschedulable: true}, status: {allocatable: {pods: '9'}}}
                -10 is deployments.apps/web {spec: {template: {spec: {containers: [{name: 'b'}]}}}}
                20 is deployments.apps/web {spec: {template: {spec: {%2$s}}}}
                15 made pods/web-1 {metadata: {labels: {app: 'web'}%4$s}, spec: {nodeName: 'n1', %2$s}, status: {phase: 'Running'}}
                22 made pods/web-2 {metadata: {labels: {app: 'web'}, %1$s}, spec: {%2$s}, %3$s}
                """;
        String told = unschedulable("1 node(s) didn\\u0027t match pod topology spread constraints");
        String field = "web CHANGED spec.template.spec.topologySpreadConstraints";
        assertThat(links("node-fit", "pods/web-2", tale.formatted(OF_WEB, spread, told, "")))
                .containsExactly("A " + field);
        assertThat(links(
                        "node-fit",
                        "pods/web-2",
                        tale.formatted(OF_WEB, spread, told, ", deletionTimestamp: '2026-02-02T02:40:18Z'")))
                .containsExactly("B " + field);
    }

    @Test
    void aFileSystemThatMayBeWrittenSinceIsNotWhatIsReadOnly() throws Exception {
        String tale = """
                -10 base web {image: 'web:1', %s}
                20 rollout web b {image: 'web:2', %s} crashed Error open /x: Read-only file system
                """;
        String mount = "volumeMounts: [{name: 'd', mountPath: '/d', readOnly: %s}]";
        assertThat(causes(WEB, tale.formatted(mount.formatted(false), mount.formatted(true))))
                .startsWith("B web CHANGED spec.template.spec.containers[name=web].volumeMounts[name=d].readOnly");
        assertThat(causes(WEB, tale.formatted(mount.formatted(true), mount.formatted(false))))
                .startsWith("B web CHANGED spec.template.spec.containers[name=web].image");
        String context = "securityContext: {readOnlyRootFilesystem: %s}";
        assertThat(causes(
                        WEB,
                        tale.formatted(context.formatted(true), context.formatted(false))
                                .replace("web:2", "web:1")))
                .contains(
                        "B web CHANGED spec.template.spec.containers[name=web].securityContext.readOnlyRootFilesystem");
    }

    @Test
    void whatAContainerLoggedIsToldToWhomThePermissionToReadLogsReachesOnly() throws Exception {
        try (Story story = new Story(directory.resolve("story"))) {
            story.deployment(-10, "web", "\"image\":\"web:1\"");
            story.pod(5, 2, "web", "a", "\"image\":\"web:1\"", Story.crashed(4, "Error", ""));
            Recording recording = story.end(300);
            assertThat(lines((_, _) -> Optional.of(recording))).containsExactly("secret");
            assertThat(lines((type, _) -> type.equals(Types.LOGS) ? Optional.empty() : Optional.of(recording)))
                    .containsExactly("hidden: pods/log -n shop");
            History later = (History) Proxy.newProxyInstance(
                    History.class.getClassLoader(), new Class<?>[] {History.class}, (_, _, _) -> Optional.empty());
            assertThat(lines((type, _) -> Optional.of(type.equals(Types.LOGS) ? later : recording)))
                    .as("of a namespace of the same name")
                    .isEmpty();
        }
    }

    private static List<String> lines(Gate gate) {
        World world = new World(gate, new Logged("secret"), Story.START, Story.START + 300 * Story.SECOND);
        Version pod = world.last(new ObjectKey(Types.PODS, "shop", "web-a-x")).orElseThrow();
        List<String> lines = world.lastLines(pod, "web", 2, world.to());
        return world.hidden().isEmpty() ? lines : List.of("hidden: " + String.join(", ", world.hidden()));
    }

    @Test
    void aDaemonSetsNextPodHasNoPortBesideTheOneBeforeUnlessThatGoesFirst() throws Exception {
        String owner =
                "ownerReferences: [{apiVersion: 'apps/v1', kind: 'DaemonSet', controller: true, name: 'web', uid: 'u-web'}]";
        String spec = "containers: [{name: 'b', image: '%s', ports: [{containerPort: 80, hostPort: 80}]}]";
        String web =
                "is daemonsets.apps/web {spec: {updateStrategy: {type: 'RollingUpdate', rollingUpdate: {%s}}, template: {spec: {%s}}}}\n";
        String surges = "maxUnavailable: 0, maxSurge: 1";
        String one = spec.formatted("b:1");
        String two = spec.formatted("b:2");
        String tale = "-10 is nodes/n1 {status: {allocatable: {pods: '9'}}}\n-10 " + web.formatted("%1$s", one)
                + "-8 made pods/web-1 {metadata: {labels: {'controller-revision-hash': 'a'}, " + owner
                + "}, spec: {nodeName: 'n1', " + one + "}, status: {phase: 'Running'}}\n10 "
                + web.formatted("%2$s", one) + "20 "
                + web.formatted("%2$s", two)
                + "21 made pods/web-2 {metadata: {labels: {'controller-revision-hash': 'b'}, "
                + owner + "}, spec: {" + two + "}, "
                + unschedulable("1 node(s) didn\\u0027t have free ports for the requested pod ports") + "}\n";
        String waits = "maxUnavailable: 1, maxSurge: 0";
        assertThat(links("surge-room", "pods/web-2", tale.formatted(waits, surges)))
                .contains("A web CHANGED spec.updateStrategy.rollingUpdate.maxSurge");

        assertThat(links("surge-room", "pods/web-2", tale.formatted(surges, surges)))
                .as("it was so before")
                .isEmpty();
        assertThat(links("surge-room", "pods/web-2", tale.formatted(surges, waits)))
                .as("the one before goes first")
                .isEmpty();
    }

    @Test
    void aVariableThatIsReadUnderAPrefixOrOverriddenIsNotThePortToListenOn() throws Exception {
        String probe = "readinessProbe: {periodSeconds: 2, failureThreshold: 2}";
        String tale = """
                -10 is services/end {spec: {selector: {app: 'end'}, ports: [{port: 80, targetPort: 8080}]}}
                -20 is configmaps/set {data: {port: '8080'}}
                -10 base web {image: 'web:1', args: ['--call=http://end/'], %2$s}
                -10 base end {image: 'end:1', %1$s}
                10 is configmaps/set {data: {port: '9090'}}
                20 rollout end b {image: 'end:1', %1$s} ready
                25 gone pods/end-a-x
                28 pod web {image: 'web:1', args: ['--call=http://end/'], %2$s} unready
                28 event Pod/web-a-x Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 502
                """;
        String reads = "envFrom: [{%sconfigMapRef: {name: 'set'}}]";
        String field = " set CHANGED data.port";
        assertThat(links("backend-port", WEB, tale.formatted(reads.formatted(""), probe)))
                .containsExactly("A" + field);

        assertThat(links("backend-port", WEB, tale.formatted(reads.formatted("prefix: 'metrics_', "), probe)))
                .containsExactly("B" + field);
        assertThat(links(
                        "backend-port",
                        WEB,
                        tale.formatted(reads.formatted("") + ", env: [{name: 'port', value: '8080'}]", probe)))
                .containsExactly("B" + field);
    }
}
