/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules about nodes, scheduling and storage, one by one: what they name, and what they do not. */
class NodeRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    @Test
    void aRequestThatNoNodeHasRoomForIsProvedButNotAnImageChangedWithIt() throws Exception {
        assertThat(links("node-fit", WEB, """
                        -20 is nodes/n1 {metadata: {labels: {disk: 'ssd'}}, spec: {}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: '110'}, conditions: [{type: 'Ready', status: 'True'}]}}
                        -10 base web {image: 'web:1', resources: {requests: {cpu: '100m'}}}
                        20 rollout web b {image: 'web:1', resources: {requests: {cpu: '100'}}} unschedulable 0/1 nodes are available: 1 Insufficient cpu.
                        """))
                .contains("A web CHANGED spec.template.spec.containers[name=web].resources.requests.cpu");

        assertThat(links("node-fit", WEB, """
                        -20 is nodes/n1 {metadata: {labels: {disk: 'ssd'}}, spec: {}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: '110'}, conditions: [{type: 'Ready', status: 'True'}]}}
                        -10 base web {image: 'web:1', resources: {requests: {cpu: '100m'}}}
                        20 rollout web b {image: 'web:2', resources: {requests: {cpu: '100m'}}} unschedulable 0/1 nodes are available: 1 Insufficient cpu.
                        """)).isEmpty();
    }

    @Test
    void aNodeThatWasCordonedIsProvedButNotOneWhoseLabelNobodyAsksFor() throws Exception {
        assertThat(links("node-fit", WEB, """
                        -20 is nodes/n1 {metadata: {labels: {disk: 'ssd'}}, spec: {}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: '110'}, conditions: [{type: 'Ready', status: 'True'}]}}
                        -10 base web {image: 'web:1'}
                        10 is nodes/n1 {metadata: {labels: {disk: 'ssd'}}, spec: {unschedulable: true}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: '110'}, conditions: [{type: 'Ready', status: 'True'}]}}
                        20 rollout web b {image: 'web:2'} unschedulable 0/1 nodes are available: 1 node(s) were unschedulable.
                        """)).contains("A n1 CHANGED spec.unschedulable");

        assertThat(links("node-fit", WEB, """
                        -20 is nodes/n1 {metadata: {labels: {disk: 'ssd'}}, spec: {}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: '110'}, conditions: [{type: 'Ready', status: 'True'}]}}
                        -10 base web {image: 'web:1'}
                        10 is nodes/n1 {metadata: {labels: {disk: 'hdd'}}, spec: {}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: '110'}, conditions: [{type: 'Ready', status: 'True'}]}}
                        20 rollout web b {image: 'web:2'} unschedulable 0/1 nodes are available: 1 node(s) were unschedulable.
                        """)).isEmpty();
    }

    @Test
    void aClaimThatIsNotBoundExplainsAPodButABoundOneDoesNot() throws Exception {
        assertThat(links("pod-claims", "pods/p", """
                        10 made persistentvolumeclaims/data {spec: {storageClassName: 'fast'}, status: {phase: 'Pending'}}
                        11 event PersistentVolumeClaim/data ProvisioningFailed no such class
                        20 made pods/p {spec: {containers: [{name: 'web'}], volumes: [{name: 'd', persistentVolumeClaim: {claimName: 'data'}}]}, status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: '2026-02-02T02:40:25Z', message: 'pod has unbound immediate PersistentVolumeClaims'}]}}
                        """)).contains("A -> CLAIM_PENDING data");

        assertThat(links("pod-claims", "pods/p", """
                        10 made persistentvolumeclaims/data {spec: {storageClassName: 'fast'}, status: {phase: 'Pending'}}
                        11 event PersistentVolumeClaim/data ProvisioningFailed no such class
                        20 made pods/p {spec: {containers: [{name: 'web'}], volumes: [{name: 'd', persistentVolumeClaim: {claimName: 'data'}}]}, status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: '2026-02-02T02:40:25Z', message: '1 Insufficient cpu.'}]}}
                        """)).contains("B -> CLAIM_PENDING data");

        assertThat(links("pod-claims", "pods/p", """
                        10 made persistentvolumeclaims/data {spec: {storageClassName: 'fast'}, status: {phase: 'Bound'}}
                        20 made pods/p {spec: {containers: [{name: 'web'}], volumes: [{name: 'd', persistentVolumeClaim: {claimName: 'data'}}]}, status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: '2026-02-02T02:40:25Z', message: 'pod has unbound immediate PersistentVolumeClaims'}]}}
                        """)).isEmpty();
    }

    @Test
    void aNodeThatIsSaidToBeWithoutNetworkIsProvedToWhomItsTaintKeepsAwayOnly() throws Exception {
        String node =
                "is nodes/n1 {spec: {taints: [%s]}, status: {conditions: [{type: 'NetworkUnavailable', status: '%s'}]}}\n";
        String taint = "{key: 'node.kubernetes.io/network-unavailable', effect: 'NoSchedule'}";
        String tale = "-10 " + node.formatted("", "False") + "20 " + node.formatted("", "%s") + "21 "
                + node.formatted(taint, "%1$s")
                + "40 made pods/p {spec: {containers: [{name: 'web'}], tolerations: [%s]}, status: {phase: 'Pending', conditions:"
                + " [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '1 node(s) had untolerated taint(s)'}]}}\n";
        String field = "n1 CHANGED status.conditions[type=NetworkUnavailable].status";
        assertThat(links("node-network", "pods/p", tale.formatted("True", ""))).containsExactly("A " + field);

        assertThat(links("node-network", "pods/p", "0 hides pods\n" + tale.formatted("True", "")))
                .containsExactly("B " + field);
        assertThat(links("node-network", "pods/p", tale.formatted("True", "{operator: 'Exists'}")))
                .isEmpty();
        assertThat(links("node-network", "pods/p", tale.formatted("False", "")))
                .as("somebody tainted it by hand")
                .isEmpty();
        assertThat(links("node-network", "pods/p", tale.formatted("True", "") + "30 " + node.formatted("", "False")))
                .as("it is over")
                .isEmpty();
    }

    @Test
    void aClassThatIsNotThereIsProvedButOneThatIsThereIsNot() throws Exception {
        assertThat(links("storage-class", "persistentvolumeclaims/data", """
                        -10 is storageclasses.storage.k8s.io/slow {provisioner: 'x'}
                        20 made persistentvolumeclaims/data {spec: {storageClassName: 'fast'}, status: {phase: 'Pending'}}
                        21 event PersistentVolumeClaim/data ProvisioningFailed storageclass not found
                        """))
                .contains("A data CREATED spec.storageClassName");

        assertThat(links("storage-class", "persistentvolumeclaims/data", """
                        -10 is storageclasses.storage.k8s.io/fast {provisioner: 'x'}
                        10 gone storageclasses.storage.k8s.io/fast
                        20 made persistentvolumeclaims/data {spec: {storageClassName: 'fast'}, status: {phase: 'Pending'}}
                        21 event PersistentVolumeClaim/data ProvisioningFailed storageclass not found
                        """)).contains("A fast DELETED");

        assertThat(links("storage-class", "persistentvolumeclaims/data", """
                        -10 is storageclasses.storage.k8s.io/fast {provisioner: 'x'}
                        20 made persistentvolumeclaims/data {spec: {storageClassName: 'fast'}, status: {phase: 'Pending'}}
                        21 event PersistentVolumeClaim/data ProvisioningFailed storageclass not found
                        """))
                .contains("B data CREATED spec.storageClassName");
    }

    @Test
    void aTaintIsProvedToDriveAPodAwayUnlessItTolerates() throws Exception {
        assertThat(links("taint-eviction", "pods/p", """
                        -20 is nodes/n1 {metadata: {labels: {disk: 'ssd'}}, spec: {}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: '110'}, conditions: [{type: 'Ready', status: 'True'}]}}
                        20 is nodes/n1 {metadata: {labels: {disk: 'ssd'}}, spec: {taints: [{key: 'k', value: 'v', effect: 'NoExecute'}]}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: '110'}, conditions: [{type: 'Ready', status: 'True'}]}}
                        22 is pods/p {spec: {nodeName: 'n1', containers: [{name: 'web'}], tolerations: []}, status: {phase: 'Running', conditions: [{type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message: 'Taint manager: deleting', lastTransitionTime: '2026-02-02T02:40:21Z'}]}}
                        """)).contains("A n1 CHANGED spec.taints");

        assertThat(links("taint-eviction", "pods/p", """
                        -20 is nodes/n1 {metadata: {labels: {disk: 'ssd'}}, spec: {}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: '110'}, conditions: [{type: 'Ready', status: 'True'}]}}
                        20 is nodes/n1 {metadata: {labels: {disk: 'ssd'}}, spec: {taints: [{key: 'k', value: 'v', effect: 'NoExecute'}]}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: '110'}, conditions: [{type: 'Ready', status: 'True'}]}}
                        22 is pods/p {spec: {nodeName: 'n1', containers: [{name: 'web'}], tolerations: [{key: 'k', operator: 'Exists'}]}, status: {phase: 'Running', conditions: [{type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message: 'Taint manager: deleting', lastTransitionTime: '2026-02-02T02:40:21Z'}]}}
                        """)).isEmpty();
    }

    @Test
    void theNodeOfAnEvictedPodIsNamedButNotAnotherNode() throws Exception {
        assertThat(links("node-of-pod", "pods/p", """
                        -10 is nodes/n1 {status: {conditions: [{type: 'DiskPressure', status: 'False', lastTransitionTime: '2026-02-02T02:39:00Z'}]}}
                        20 is nodes/n1 {status: {conditions: [{type: 'DiskPressure', status: 'True', lastTransitionTime: '2026-02-02T02:40:20Z'}]}}
                        25 is pods/p {spec: {nodeName: 'n1', containers: [{name: 'web'}]}, status: {phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage. Container web was using 4Gi, request is 0'}}
                        """)).contains("B -> NODE_PRESSURE n1");

        assertThat(links("node-of-pod", "pods/p", """
                        -10 is nodes/n1 {status: {conditions: [{type: 'DiskPressure', status: 'False', lastTransitionTime: '2026-02-02T02:39:00Z'}]}}
                        20 is nodes/n1 {status: {conditions: [{type: 'DiskPressure', status: 'True', lastTransitionTime: '2026-02-02T02:40:20Z'}]}}
                        25 is pods/p {spec: {nodeName: 'n2', containers: [{name: 'web'}]}, status: {phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage. Container web was using 4Gi, request is 0'}}
                        """)).isEmpty();
    }

    @Test
    void whoUsedTheMostIsTheSourceOfAPressureButNotAPodOfAnotherNode() throws Exception {
        assertThat(links("pressure-source", "nodes/n1", """
                        -10 is nodes/n1 {status: {conditions: [{type: 'DiskPressure', status: 'False', lastTransitionTime: '2026-02-02T02:39:00Z'}]}}
                        20 is nodes/n1 {status: {conditions: [{type: 'DiskPressure', status: 'True', lastTransitionTime: '2026-02-02T02:40:20Z'}]}}
                        25 made pods/p {spec: {nodeName: 'n1', containers: [{name: 'web'}]}, status: {phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage. Container web was using 4Gi, request is 0'}}
                        """)).contains("B p CREATED");

        assertThat(links("pressure-source", "nodes/n1", """
                        -10 is nodes/n1 {status: {conditions: [{type: 'DiskPressure', status: 'False', lastTransitionTime: '2026-02-02T02:39:00Z'}]}}
                        20 is nodes/n1 {status: {conditions: [{type: 'DiskPressure', status: 'True', lastTransitionTime: '2026-02-02T02:40:20Z'}]}}
                        25 made pods/p {spec: {nodeName: 'n2', containers: [{name: 'web'}]}, status: {phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage. Container web was using 4Gi, request is 0'}}
                        """))
                .contains("B n1 OBSERVED status.conditions[type=DiskPressure]");
    }

    @Test
    void aSilentKubeletIsTheEndOfTheWayButNotOfAPressure() throws Exception {
        assertThat(links("kubelet-silent", "nodes/n1", """
                        -10 is nodes/n1 {status: {conditions: [{type: 'Ready', status: 'True', reason: 'R', message: 'm'}]}}
                        20 is nodes/n1 {status: {conditions: [{type: 'Ready', status: 'Unknown', reason: 'R', message: 'm'}]}}
                        """)).contains("B n1 OBSERVED status.conditions[type=Ready]");

        assertThat(links("kubelet-silent", "nodes/n1", """
                        -10 is nodes/n1 {status: {conditions: [{type: 'DiskPressure', status: 'False', lastTransitionTime: '2026-02-02T02:39:00Z'}]}}
                        20 is nodes/n1 {status: {conditions: [{type: 'DiskPressure', status: 'True', lastTransitionTime: '2026-02-02T02:40:20Z'}]}}
                        """)).isEmpty();
    }
}
