/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What pods ask for since a LimitRange says so: what is told of it, and what is not. */
class DefaultRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    @Test
    void aDefaultThatAQuotaDoesNotLeaveIsProvedIfTheOneBeforeWouldHaveBeenWithinIt() throws Exception {
        String tale = """
                        -10 is deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: [{name: 'web'}]}}}}
                        -10 is limitranges/l {spec: {limits: [{type: 'Container', default: {memory: '%1$s'}}]}}
                        10 is limitranges/l {spec: {limits: [{type: 'Container', default: {memory: '%2$s'}}]}}
                        20 made replicasets.apps/web-b {metadata: {%4$s}, spec: {replicas: 1, template: {spec: {%5$scontainers: [{name: 'web'}]}}}, status: {replicas: 0}}
                        22 event ReplicaSet/web-b FailedCreate pods web-b-y is forbidden: exceeded quota: q, requested: limits.memory=%2$s%3$s, limited: limits.memory=512Mi,pods=5
                        """;
        String used = ", used: limits.memory=256Mi";
        String field = "l CHANGED spec.limits[type=Container].default.memory";
        assertThat(links("quota", WEB, tale.formatted("64Mi", "320Mi", used, OF_WEB, "")))
                .containsExactly("A " + field);

        String other = tale.replace("default: {memory:", "default: {'example.com/gpu':")
                .replace("limits.memory", "requests.example.com/gpu")
                .replace("512Mi", "4");
        String two = ", used: requests.example.com/gpu=2";
        assertThat(links("quota", WEB, other.formatted("1", "3", two, OF_WEB, "")))
                .containsExactly("A l CHANGED spec.limits[type=Container].default[\"example.com/gpu\"]");

        assertThat(links("quota", WEB, tale.formatted("300Mi", "320Mi", used, OF_WEB, "")))
                .as("that was too much, too")
                .containsExactly("B " + field);
        String pods = ",pods=1, used: limits.memory=256Mi,pods=5";
        assertThat(links("quota", WEB, tale.formatted("64Mi", "320Mi", pods, OF_WEB, "")))
                .as("there are too many pods anyway")
                .containsExactly("B " + field);
        String first = "initContainers: [{name: 'first', resources: {limits: {memory: '300Mi'}}}], ";
        assertThat(links("quota", WEB, tale.formatted("64Mi", "320Mi", used, OF_WEB, first)))
                .as("what runs first asks for more")
                .containsExactly("B " + field);
        assertThat(links("quota", WEB, tale.formatted("640Mi", "320Mi", used, OF_WEB, "")))
                .isEmpty();
    }

    @Test
    void aRequestThatCameWithALimitRangeIsProvedIfThePodHasRoomWithoutIt() throws Exception {
        String tale = """
                        -10 is nodes/n1 {status: {allocatable: {cpu: '1', pods: '9'}}}
                        10 made limitranges/l {spec: {limits: [{type: 'Container', defaultRequest: {cpu: '%s'}}]}}
                        20 made pods/p {metadata: {annotations: {'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu request for container web'}}, spec: {containers: [{name: 'web', resources: {requests: {cpu: '2'}}}]}, status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes are available: 1 Insufficient cpu.'}]}}
                        """;
        assertThat(links("default-request", "pods/p", tale.formatted("2"))).containsExactly("A l CREATED spec.limits");

        assertThat(links("default-request", "pods/p", tale.formatted("3"))).isEmpty();
    }
}
