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

    @Test
    void aDefaultLimitOfWhatIsWrittenIsProvedIfTheEvictionNamesItButNotIfItWasNotLowered() throws Exception {
        String range =
                "is limitranges/l {spec: {limits: [{type: 'Container', default: {'ephemeral-storage': '%s', memory: '%s'}}]}}\n";
        String evicted = """
                        20 made pods/p {metadata: {annotations: {'kubernetes.io/limit-ranger': 'LimitRanger plugin set: %s limit for container web'}}, spec: {containers: [{name: 'web', resources: {limits: {'ephemeral-storage': '16Mi', memory: '64Mi'}}}]}, status: {phase: 'Failed', reason: 'Evicted', message: 'Pod ephemeral local storage usage exceeds the total limit of containers 16Mi. '}}
                        """;
        String given = evicted.formatted("ephemeral-storage");
        String lowered = "l CHANGED spec.limits[type=Container].default.ephemeral-storage";
        String told = "-10 " + range.formatted("300Mi", "1Gi") + "10 " + range.formatted("16Mi", "64Mi");
        assertThat(links("default-limit", "pods/p", told + given)).containsExactly("A " + lowered);
        assertThat(links(
                        "default-limit",
                        "pods/p",
                        told + "-10 " + range.replace("/l", "/m").formatted("1Gi", "1Gi") + given))
                .as("another LimitRange may have given it")
                .containsExactly("B " + lowered);

        assertThat(links("default-limit", "pods/p", told + evicted.formatted("cpu")))
                .as("its template asks for it")
                .isEmpty();
        assertThat(links(
                        "default-limit",
                        "pods/p",
                        "-10 " + range.formatted("8Mi", "1Gi") + "10 " + range.formatted("16Mi", "1Gi") + given))
                .as("it was raised")
                .isEmpty();
        assertThat(links("default-limit", "pods/p", told + "15 " + range.formatted("300Mi", "1Gi") + given))
                .as("it was put back")
                .isEmpty();
        assertThat(links("default-limit", "pods/p", told.replace("10 is", "25 is") + given))
                .as("it was lowered later")
                .isEmpty();
    }

    @Test
    void aDefaultLimitOfMemoryIsNamedIfTheContainerWasKilledForIt() throws Exception {
        String tale = """
                        -10 is limitranges/l {spec: {limits: [{type: 'Container', default: {memory: '%s'}}]}}
                        10 is limitranges/l {spec: {limits: [{type: 'Container', default: {memory: '8Mi'}}]}}
                        20 made pods/p {metadata: {annotations: {'kubernetes.io/limit-ranger': 'LimitRanger plugin set: memory limit for container web'}}, spec: {containers: [{name: 'web', resources: {limits: {memory: '8Mi'}}}]}, status: {containerStatuses: [{name: 'web', lastState: {terminated: {exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-02-02T02:40:30Z'}}, state: {waiting: {reason: 'CrashLoopBackOff'}}}]}}
                        """;
        assertThat(links("default-limit", "pods/p", tale.formatted("64Mi")))
                .containsExactly("B l CHANGED spec.limits[type=Container].default.memory");
        assertThat(links("default-limit", "pods/p", tale.formatted("4Mi"))).isEmpty();
    }

    @Test
    void aDefaultLimitThatAPodOfAnotherSpecGotByWithIsNotProved() throws Exception {
        String pod = """
                        %d made pods/%s {metadata: {%s, annotations: {'kubernetes.io/limit-ranger': 'LimitRanger plugin set: ephemeral-storage limit for container web'}}, spec: {containers: [{name: 'web', resources: {limits: {'ephemeral-storage': '16Mi'}}}]}, status: %s}
                        """;
        String set =
                "is deployments.apps/web {spec: {template: {spec: {containers: [{name: 'web', args: ['%s']}]}}}}\n";
        String tale = """
                -10 is limitranges/l {spec: {limits: [{type: 'Container', default: {'ephemeral-storage': '300Mi'}}]}}
                10 is limitranges/l {spec: {limits: [{type: 'Container', default: {'ephemeral-storage': '16Mi'}}]}}
                """ + "-10 " + set.formatted("little") + "30 " + set.formatted("%s")
                + pod.formatted(
                        20, "web-a", OF_WEB, "{phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}")
                + pod.formatted(
                        40,
                        "web-b",
                        OF_WEB,
                        "{phase: 'Failed', reason: 'Evicted', message: 'Pod ephemeral local storage usage exceeds the total limit of"
                                + " containers 16Mi. '}");
        String lowered = "l CHANGED spec.limits[type=Container].default.ephemeral-storage";
        assertThat(links("default-limit", WEB, tale.formatted("much"))).containsExactly("B " + lowered);
        assertThat(links("default-limit", WEB, tale.formatted("little"))).containsExactly("A " + lowered);
    }

    @Test
    void podsThatCountToAQuotaSinceTheyHaveNoEndAreProvedButNotIfItIsForAll() throws Exception {
        String template = "template: {spec: {%scontainers: [{name: 'web'}]}}";
        String tale = """
                        -10 is resourcequotas/q {spec: {hard: {pods: '1'}%1$s}}
                        -10 is deployments.apps/web {spec: {replicas: 1, %2$s}}
                        10 is deployments.apps/web {spec: {replicas: 1, %3$s}}
                        20 made replicasets.apps/web-b {metadata: {%4$s}, spec: {replicas: 1, %3$s}, status: {replicas: 0}}
                        22 event ReplicaSet/web-b FailedCreate pods web-b-y is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1
                        """;
        String ends = template.formatted("activeDeadlineSeconds: 60, ");
        String stays = template.formatted("");
        String scoped = ", scopes: ['NotTerminating']";
        String field = "A web CHANGED spec.template.spec.activeDeadlineSeconds";
        assertThat(links("quota", WEB, tale.formatted(scoped, ends, stays, OF_WEB)))
                .containsExactly(field);
        assertThat(links("quota", WEB, tale.formatted(scoped.replace("Not", ""), stays, ends, OF_WEB)))
                .containsExactly(field);
        assertThat(links("quota", WEB, tale.formatted("", ends, stays, OF_WEB))).isEmpty();
        assertThat(links("quota", WEB, tale.formatted(scoped, stays, ends, OF_WEB)))
                .isEmpty();

        String important = template.formatted("priorityClassName: 'gold', ");
        String classes =
                ", scopeSelector: {matchExpressions: [{scopeName: 'PriorityClass', operator: 'In', values: ['%s']}]}";
        assertThat(links("quota", WEB, tale.formatted(classes.formatted("gold"), stays, important, OF_WEB)))
                .containsExactly("A web CHANGED spec.template.spec.priorityClassName");
        assertThat(links("quota", WEB, tale.formatted(classes.formatted("iron"), stays, important, OF_WEB)))
                .isEmpty();
    }
}
