/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules that look for what made a thing matter, rather than for what was there: what they name, and what they do not. */
class CauseRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String NODE = "nodes/n1";

    private static String owner(String api, String kind, String name) {
        return "ownerReferences: [{apiVersion: '" + api + "', kind: '" + kind + "', controller: true, name: '" + name
                + "', uid: 'u-" + name + "'}]";
    }

    @Test
    void aNodeThatADaemonSetTakesSinceItWasLabelledIsProvedButNotIfAPodWasThereOrItWasTakenBefore() throws Exception {
        String ports = "containers: [{name: 'web', ports: [{containerPort: 80, hostPort: %d}]}]";
        String set = "daemonsets.apps/%s {spec: {template: {spec: {nodeSelector: {%s: 'yes'}, " + ports + "}}}}\n";
        String place =
                "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields:"
                        + " [{key: 'metadata.name', operator: 'In', values: ['n1']}]}]}}}, ";
        String node = "is nodes/n1 {metadata: {labels: {one: 'yes', %s: 'yes'}}, status: {allocatable: {cpu: '1'}}}\n";
        String told = "-10 " + node.formatted("%s") + "1 made " + set.formatted("first", "one", 80)
                + "2 made pods/first-1"
                + " {metadata: {" + owner("apps/v1", "DaemonSet", "first") + "}, spec: {nodeName: 'n1', "
                + ports.formatted(80) + "}, status: {phase: 'Running'}}\n3 made " + set.formatted("second", "two", 80)
                + "%s20 " + node.formatted("two") + "21 made pods/second-1 {metadata: {"
                + owner("apps/v1", "DaemonSet", "second") + "}, spec: {" + place + ports.formatted(80)
                + "}, status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message:"
                + " '1 node(s) didn''t have free ports for the requested pod ports.'}]}}\n";
        told = told.replace("didn''t", "didn\\'t");
        assertThat(causes("daemonsets.apps/second", told.formatted("other", "")))
                .startsWith("A n1 CHANGED metadata.labels.two")
                .noneMatch(each -> each.contains(" second "))
                .noneMatch(each -> each.startsWith("A first"));

        assertThat(links("daemon-node", "daemonsets.apps/second", told.formatted("two", "")))
                .as("it took the node all the time")
                .isEmpty();
        String before = "10 made pods/second-0 {metadata: {" + owner("apps/v1", "DaemonSet", "second")
                + "}, spec: {nodeName: 'n1', " + ports.formatted(81)
                + "}, status: {phase: 'Running'}}\n15 gone pods/second-0\n";
        assertThat(links("daemon-node", "daemonsets.apps/second", told.formatted("other", before)))
                .as("it had a pod there")
                .isEmpty();
        assertThat(links("daemon-node", "daemonsets.apps/second", told.formatted("other", "") + "0 hides pods\n"))
                .containsExactly("B n1 CHANGED metadata.labels.two");
    }

    @Test
    void whoCameLaterForAPortIsNotTheFaultOfWhoHasIt() throws Exception {
        String spec = "spec: {%scontainers: [{name: 'web', ports: [{containerPort: 80, hostPort: %d}]}]}";
        String told = "-10 is nodes/n1 {status: {allocatable: {cpu: '1'}}}\n5 made pods/first {"
                + spec.formatted("nodeName: 'n1', ", 80) + ", status: {phase: 'Running'}}\n20 made pods/second {"
                + spec.formatted("", 80)
                + ", status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message:"
                + " 'no free ports'}]}}\n";
        assertThat(links("room-taken", "pods/second", told)).containsExactly("B first CREATED");
        String has = "hostPort: %d}]}]}, status: {phase: 'Running'";
        assertThat(links("room-taken", "pods/second", told.replace(has.formatted(80), has.formatted(81))))
                .isEmpty();
    }

    @Test
    void aClassThatGavePodsTheirPriorityIsProvedByOneMadeBeforeButNotOneThatIsNoDefault() throws Exception {
        String big =
                "metadata: {" + owner("apps/v1", "Deployment", "big") + "}, spec: {%spriority: %d, containers: []}";
        String victim =
                "is pods/p {spec: {containers: [{name: 'web'}], priority: 0}, status: {phase: 'Running', conditions: [%s]}}\n";
        String driven =
                "{type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', lastTransitionTime: '"
                        + Story.time(31) + "', message: 'preempting'}";
        String told = "-10 " + victim.formatted("{type: 'Ready', status: 'True'}")
                + "2 made deployments.apps/big {spec: {template: {spec: {containers: []}}}}\n%s"
                + "20 made priorityclasses.scheduling.k8s.io/high {value: 1000, globalDefault: %s}\n"
                + "30 made pods/big-2 {" + big.formatted("priorityClassName: 'high', ", 1000)
                + ", status: {phase: 'Pending'}}\n31 event Pod/p Preempted Preempted by pod u-big-2 on node n1\n32 "
                + victim.formatted(driven);
        String earlier = "5 made pods/big-1 {" + big.formatted("", 0) + ", status: {phase: 'Pending'}}\n";
        assertThat(links("preemption", "pods/p", told.formatted(earlier, true)))
                .containsExactly("A high CREATED", "B big CREATED");
        assertThat(links("preemption", "pods/p", told.formatted("", true))).contains("B high CREATED");
        assertThat(links("preemption", "pods/p", told.formatted(earlier, false)))
                .containsExactly("B big CREATED");
    }

    @Test
    void aPodFromAFileOfItsNodeJoinsAServiceButWhatWasThereFirstDoesNot() throws Exception {
        String told = """
                0 is nodes/n1 {status: {allocatable: {cpu: '1'}}}
                1 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                1 made deployments.apps/db {spec: {template: {metadata: {labels: {app: 'db'}}, spec: {containers: [{name: 'web'}]}}}}
                2 made pods/db-1 {metadata: {labels: {app: 'db'}, %s}, spec: {containers: [{name: 'web'}]}}
                -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]}
                20 made pods/rescue-n1 {metadata: {labels: {app: '%s'}, %s}, spec: {containers: [{name: 'web'}]}}
                40 pod web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]} crashed Error 404
                """;
        String db = owner("apps/v1", "Deployment", "db");
        assertThat(links("mixed-endpoints", WEB, told.formatted(db, "db", owner("v1", "Node", "n1"))))
                .containsExactly("B rescue-n1 CREATED");
        assertThat(links("mixed-endpoints", WEB, told.formatted(db, "other", owner("v1", "Node", "n1"))))
                .isEmpty();
    }

    @Test
    void aWebhookThatNobodyServesIsProvedToHaveSilencedANodeButNotOneForOthersOrOfAnotherTime() throws Exception {
        String ready =
                "is nodes/n1 {status: {conditions: [{type: 'Ready', status: '%s', reason: 'R', message: 'm'}]}}\n";
        String told = "-10 " + ready.formatted("True") + "-10 is services/other@ops {spec: {}}\n18 "
                + "is leases.coordination.k8s.io/n1@kube-node-lease {spec: {leaseDurationSeconds: 40, renewTime: '"
                + Story.time(18)
                + "'}}\n"
                + "%d made validatingwebhookconfigurations.admissionregistration.k8s.io/nodes {webhooks: [{name: 'nodes.example.com',"
                + " failurePolicy: '%s', clientConfig: {service: {namespace: 'ops', name: 'audit'}}, matchConditions: [%s], rules:"
                + " [{apiGroups: ['coordination.k8s.io'], operations: ['UPDATE'], resources: ['%s']}]}]}\n70 "
                + ready.formatted("Unknown");
        assertThat(links("heartbeat-refused", NODE, told.formatted(20, "Fail", "", "leases")))
                .containsExactly("A nodes CREATED");
        assertThat(links("heartbeat-refused", NODE, told.formatted(20, "Fail", "{name: 'a'}", "leases")))
                .as("nobody knows what the condition says")
                .containsExactly("B nodes CREATED");
        assertThat(links("heartbeat-refused", NODE, told.formatted(20, "Ignore", "", "leases")))
                .isEmpty();
        assertThat(links("heartbeat-refused", NODE, told.formatted(20, "Fail", "", "events")))
                .isEmpty();
        assertThat(links("heartbeat-refused", NODE, told.formatted(60, "Fail", "", "leases")))
                .as("the node had been silent before")
                .isEmpty();

        String service = "services/audit@ops";
        String served = "-10 is " + service + " {spec: {}}\n" + told.formatted(-5, "Fail", "", "leases");
        assertThat(links("heartbeat-refused", NODE, served + "20 gone " + service + "\n"))
                .containsExactly("A -> SERVICE_GONE audit");
        assertThat(links("heartbeat-refused", NODE, served)).isEmpty();
        String more =
                "19 is validatingwebhookconfigurations.admissionregistration.k8s.io/nodes {webhooks: [{name: 'nodes.example.com',"
                        + " failurePolicy: 'Fail', clientConfig: {service: {namespace: 'ops', name: 'audit'}}, rules: [{apiGroups: ['*'],"
                        + " operations: ['UPDATE'], resources: ['*']}]}]}\n";
        assertThat(links("heartbeat-refused", NODE, told.formatted(-5, "Fail", "", "events") + more))
                .allMatch(each -> each.startsWith("A nodes CHANGED webhooks"))
                .isNotEmpty();
    }

    @Test
    void whatMadeAPodWriteMoreCountsMoreThanACreationThatOthersSurvived() throws Exception {
        String pod = "{metadata: {" + owner("apps/v1", "Deployment", "web")
                + "}, spec: {nodeName: 'n1', containers: [{name: 'web', envFrom: [{configMapRef: {name: 'settings'}}]}]}, status: %s}\n";
        String evicted = "{phase: 'Failed', reason: 'Evicted', message: '%s'}";
        String own = "Pod ephemeral local storage usage exceeds the total limit of containers 4Mi. ";
        String told =
                "2 made deployments.apps/web {spec: {template: {spec: {containers: [{name: 'web'}]}}}}\n3 made pods/web-1 "
                        + pod.formatted(Story.ready()) + "0 is configmaps/settings {data: {LEVEL: '1'}}\n"
                        + "20 is configmaps/settings {data: {LEVEL: '9'}}\n30 made pods/web-2 "
                        + pod.formatted(evicted);
        assertThat(causes(WEB, told.formatted(own))).containsExactly("B settings CHANGED data.LEVEL");
        assertThat(links("pressure-source", WEB, told.formatted(own))).containsExactly("C web CREATED");
        assertThat(links("pressure-source", WEB, told.formatted(own).replaceFirst("3 made pods/web-1.*", "")))
                .containsExactly("B web CREATED");

        assertThat(links("config-content", WEB, told.formatted("The node was low on resource: ephemeral-storage.")))
                .isEmpty();
    }

    @Test
    void withADefinitionGoWhatItDefinesAndWhatThatOwnsButNotWhatWasDeletedBefore() throws Exception {
        String definition =
                "is customresourcedefinitions.apiextensions.k8s.io/widgets.example.com {%sspec: {group: 'example.com'}}\n";
        String told = "-10 " + definition.formatted("")
                + "-10 is widgets.example.com/w {spec: {}}\n-10 is deployments.apps/web {metadata: {"
                + owner("example.com/v1", "Widget", "w")
                + "}, spec: {template: {spec: {containers: [{name: 'web'}]}}}}\n%d "
                + definition.formatted("metadata: {deletionTimestamp: '" + Story.time(20) + "'}, ")
                + "22 gone widgets.example.com/w\n23 gone deployments.apps/web\n";
        assertThat(causes(WEB, told.formatted(20))).containsExactly("A widgets.example.com DELETED");
        assertThat(causes(WEB, told.formatted(20).replace("20 is custom", "30 is custom")))
                .containsExactly("A w DELETED");
    }

    @Test
    void theNameOfAPodThatAStatefulSetDoesNotMakeAnyMoreLeadsToItsOrdinalsOrItsAutoscaler() throws Exception {
        String pod = "is pods/db-%1$d {metadata: {labels: {app: 'db'}, " + owner("apps/v1", "StatefulSet", "db")
                + "}, spec: {hostname: 'db-%1$d', subdomain: 'db', containers: []}}\n";
        String set =
                "is statefulsets.apps/db {spec: {serviceName: 'db', replicas: %d, ordinals: {start: %d}, template: {spec:"
                        + " {containers: []}}}}\n";
        String told =
                "-10 is services/db {spec: {clusterIP: 'None', selector: {app: 'db'}}}\n-10 " + set.formatted(2, 0)
                        + "-9 " + pod.formatted(0) + "-9 " + pod.formatted(1) + "-10 base web {%1$s}\n%2$s"
                        + "40 pod web {%1$s} crashed Error bad\n";
        String named = "image: 'web:1', args: ['--call=http://%s.db:8080/']";
        String moved = "20 " + set.formatted(2, 1) + "22 gone pods/db-0\n24 " + pod.formatted(2);
        assertThat(links("pod-names", WEB, told.formatted(named.formatted("db-0"), moved)))
                .containsExactly("A db CHANGED spec.ordinals.start");
        assertThat(links("pod-names", WEB, told.formatted(named.formatted("db-1"), moved)))
                .isEmpty();

        String scaled =
                "18 made horizontalpodautoscalers.autoscaling/db {spec: {scaleTargetRef: {kind: 'StatefulSet', name: 'db'},"
                        + " minReplicas: 1, maxReplicas: %d}}\n20 " + set.formatted(1, 0) + "22 gone pods/db-1\n"
                        + "22 event HorizontalPodAutoscaler/db SuccessfulRescale New size: 1; reason: All metrics below target\n";
        assertThat(causes(WEB, told.formatted(named.formatted("db-1"), scaled.formatted(1))))
                .first()
                .isEqualTo("A db CREATED");
        assertThat(causes(
                        WEB,
                        told.formatted(
                                named.formatted("db-1"),
                                scaled.formatted(5).replace("minReplicas: 1", "minReplicas: 0"))))
                .first()
                .isEqualTo("A db CHANGED spec.replicas");
    }
}
