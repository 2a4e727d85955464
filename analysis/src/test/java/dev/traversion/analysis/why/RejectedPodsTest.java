/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Pods that a kubelet does not run at all. */
class RejectedPodsTest extends RulesTest {

    private static final String AGENT = "daemonsets.apps/agent";

    private static String told(String before, String after, String reason, String message) {
        String set =
                "is daemonsets.apps/agent {spec: {template: {spec: {%s, containers: [{name: 'web', image: '%s'}]}}}, status:"
                        + " {desiredNumberScheduled: 1, numberReady: %d}}\n";
        String pod =
                "made pods/agent-%1$s {metadata: {labels: {'controller-revision-hash': '%1$s'}, ownerReferences: [{apiVersion:"
                        + " 'apps/v1', kind: 'DaemonSet', controller: true, name: 'agent', uid: 'u-agent'}]}, spec: {%2$s, containers: [{name:"
                        + " 'web', image: '%3$s'}]}, status: %4$s}\n";
        String rejected = "{phase: 'Failed', reason: '" + reason + "', message: 'Pod was rejected: " + message + "'}";
        return "-10 " + set.formatted(before, "web:1", 1)
                + "-9 " + pod.formatted("a", before, "web:1", Story.ready())
                + "20 " + set.formatted(after, "web:2", 1)
                + "21 gone pods/agent-a\n"
                + "21 " + set.formatted(after, "web:2", 0)
                + "22 " + pod.formatted("b", after, "web:2", rejected)
                + "298 gone pods/agent-b\n";
    }

    private static String sysctls(String name) {
        return "securityContext: {runAsUser: 7, sysctls: [{name: '" + name + "', value: '1'}]}";
    }

    @Test
    void aKernelParameterThatTheKubeletForbidsIsProvedIfPodsAskForItSinceButNotIfTheyDidBefore() throws Exception {
        String said = "forbidden sysctl: \\\"net.core.somaxconn\\\" not allowlisted";
        String none = "securityContext: {runAsUser: 7}";
        assertThat(causes(AGENT, told(none, sysctls("net.core.somaxconn"), "SysctlForbidden", said)))
                .startsWith("A agent CHANGED spec.template.spec.securityContext.sysctls");
        assertThat(causes(
                        AGENT,
                        told(none, sysctls("net.core.somaxconn"), "SysctlForbidden", said)
                                .replace("298", "100")))
                .as("none was made since")
                .isEmpty();

        String other = sysctls("net.core.somaxconn").replace("7", "8");
        assertThat(causes(AGENT, told(sysctls("net.core.somaxconn"), other, "SysctlForbidden", said)))
                .as("the node forbids it since, perhaps")
                .noneMatch(cause -> cause.startsWith("A"));
        assertThat(causes(AGENT, told(none, sysctls("net.core.somaxconn2"), "SysctlForbidden", said)))
                .noneMatch(cause -> cause.startsWith("A"));
        assertThat(causes(AGENT, told(none, sysctls("net.core.somaxconn"), "OutOfcpu", "not enough cpu")))
                .noneMatch(cause -> cause.startsWith("A") || cause.contains("image"));
    }
}
