/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What policies and webhooks ask about of templates, and what it says that others were admitted. */
class PolicyRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    private static final String POLICY = "validatingadmissionpolicies.admissionregistration.k8s.io/root";
    private static final String BINDING = "validatingadmissionpolicybindings.admissionregistration.k8s.io/b";

    /** A workload with labels in its template, and a pod of each revision that was admitted. */
    private static String workload(String before, String after, String image) {
        String owner =
                "ownerReferences: [{apiVersion: 'apps/v1', kind: '%s', controller: true, name: '%s', uid: 'u-%s'}]";
        String set =
                "is deployments.apps/web {spec: {template: {metadata: {labels: {%s}}, spec: {containers: [{name: 'web',"
                        + " image: '%s'}]}}}}\n";
        String replicas = "replicasets.apps/web-%1$s {metadata: {" + owner.formatted("Deployment", "web", "web")
                + "}, spec: {replicas: 1}, status: {replicas: %2$d}}\n";
        return "-60 " + set.formatted(before, "web:1") + "-60 is " + replicas.formatted("a", 1)
                + "10 made pods/web-a-x {metadata: {labels: {" + before + "}, "
                + owner.formatted("ReplicaSet", "web-a", "web-a") + "}, spec: {containers: [{name: 'web'}]}}\n"
                + "20 " + set.formatted(after, image) + "20 made " + replicas.formatted("b", 0);
    }

    private static final String DENIED =
            "22 event ReplicaSet/web-b FailedCreate pods is forbidden: ValidatingAdmissionPolicy 'root' with binding 'b' denied"
                    + " request: no\n";

    private static String policy(int second, String expression) {
        return second + " made " + POLICY + " {spec: {validations: [{expression: '" + expression + "'}]}}\n" + second
                + " made " + BINDING + " {spec: {validationActions: ['Deny']}}\n";
    }

    @Test
    void aLabelThatAPolicyAsksAboutIsProvedIfAPodWasAdmittedWithIt() throws Exception {
        String asks = "\\\"waiver\\\" in object.metadata.labels";
        String label = "web CHANGED spec.template.metadata.labels.waiver";
        String removed = workload("app: 'web', waiver: 'w'", "app: 'web', part: 'p'", "web:1") + DENIED;
        assertThat(causes(WEB, policy(2, asks) + removed)).containsExactly("A " + label);

        assertThat(causes(WEB, policy(14, asks) + removed))
                .as("nobody knows what it would have said before")
                .containsExactlyInAnyOrder("B " + label, "B root CREATED", "B b CREATED");
        assertThat(links(
                        "admission-policy",
                        WEB,
                        policy(2, asks) + removed.replace("web:1'}]}}}}\n20 made", "web:2'}]}}}}\n20 made")))
                .as("the spec was changed, too")
                .contains("B " + label);
        assertThat(links("admission-policy", WEB, policy(2, asks + " || object.metadata.labels.size() > 2") + removed))
                .as("it looks at other labels, too")
                .contains("B " + label);
        assertThat(links("admission-policy", WEB, policy(2, "\\\"other\\\" in object.metadata.labels") + removed))
                .containsExactly("C b CREATED", "C root CREATED");
    }

    @Test
    void aLabelThatWasThereBeforeThePolicyBecameOtherIsNotProved() throws Exception {
        String asks = "has(object.metadata.labels.waiver)";
        String removed = workload("app: 'web', waiver: 'w'", "app: 'web'", "web:1") + DENIED;
        assertThat(links(
                        "admission-policy",
                        WEB,
                        policy(2, "true") + removed
                                + policy(21, asks).lines().findFirst().orElseThrow() + "\n"))
                .contains(
                        "B root CHANGED spec.validations[0].expression",
                        "B web CHANGED spec.template.metadata.labels.waiver")
                .doesNotContain("A web CHANGED spec.template.metadata.labels.waiver");
    }

    @Test
    void aLabelByWhichTheSelectorOfAPolicyTakesPodsIsProvedButNotIfItTookThemBefore() throws Exception {
        String policy = "2 made " + POLICY
                + " {spec: {matchConstraints: {objectSelector: {matchLabels: {tier: 'batch'}}}, validations: [{expression: 'false'}]}}\n"
                + "2 made " + BINDING + " {spec: {validationActions: ['Deny']}}\n";
        String label = "web CHANGED spec.template.metadata.labels.tier";
        assertThat(links("admission-policy", WEB, policy + workload("tier: 'web'", "tier: 'batch'", "web:2") + DENIED))
                .contains("A " + label);
        assertThat(links(
                        "admission-policy",
                        WEB,
                        policy + workload("tier: 'batch', a: 'b'", "tier: 'batch', a: 'c'", "web:2") + DENIED))
                .noneMatch(link -> link.contains("labels"));
    }

    @Test
    void theNameOfALabelMayLookLikeAPath() throws Exception {
        String policy = "2 made " + POLICY
                + " {spec: {matchConstraints: {objectSelector: {matchLabels: {'metadata.example.com/x': 'b'}}},"
                + " validations: [{expression: 'false'}]}}\n2 made " + BINDING
                + " {spec: {validationActions: ['Deny']}}\n";
        String labels = "app: 'web', 'metadata.example.com/x': '%s'";
        assertThat(links(
                        "admission-policy",
                        WEB,
                        policy + workload(labels.formatted("a"), labels.formatted("b"), "web:1") + DENIED))
                .contains("A web CHANGED spec.template.metadata.labels[\"metadata.example.com/x\"]");
    }

    @Test
    void aPodThatWasAdmittedBeforeTheRecordingProvesNothingIfThePolicyAsksAboutItsNamespace() throws Exception {
        String asks = "\\\"waiver\\\" in object.metadata.labels";
        String early = policy(-40, asks)
                + workload("app: 'web', waiver: 'w'", "app: 'web'", "web:1").replace("10 made pods", "-30 made pods")
                + DENIED;
        String label = "web CHANGED spec.template.metadata.labels.waiver";
        assertThat(links("admission-policy", WEB, early)).contains("A " + label);
        String selects = "matchResources: {namespaceSelector: {matchLabels: {env: 'live'}}}, validationActions";
        assertThat(links("admission-policy", WEB, early.replace("validationActions", selects)))
                .contains("B " + label);
    }

    @Test
    void aFieldThatAPolicyAsksAboutIsNamedButNotAnother() throws Exception {
        String images = "object.spec.containers.all(c, c.image.startsWith(\\\"a/\\\"))";
        String image = "web CHANGED spec.template.spec.containers[name=web].image";
        String changed = workload("app: 'web'", "app: 'web'", "web:2") + DENIED;
        assertThat(links("admission-policy", WEB, policy(2, images) + changed))
                .contains("B " + image, "C root CREATED");
        assertThat(links("admission-policy", WEB, policy(2, "has(object.spec.nodeName)") + changed))
                .doesNotContain("B " + image);
        String more = workload("app: 'web'", "app: 'web'", "web:2")
                        .replace("image: 'web:2'}", "image: 'web:1'}, {name: 'other'}")
                + DENIED;
        String container = "web CHANGED spec.template.spec.containers[name=other]";
        assertThat(links("admission-policy", WEB, policy(2, images) + more)).contains("B " + container);
        assertThat(links("admission-policy", WEB, policy(2, "has(object.spec.nodeName)") + more))
                .doesNotContain("B " + container);
    }

    @Test
    void aLabelThatTheConditionsOfAWebhookNameIsNamedAndHowItIsAskedIsNearOnlyIfOthersWereLetInSince()
            throws Exception {
        String hook =
                "%d made validatingwebhookconfigurations.admissionregistration.k8s.io/hooks {webhooks: [{name: 'pods.example.com',"
                        + " matchConditions: [{name: 'c', expression: '!(\\\"waiver\\\" in object.metadata.labels)'}]}]}\n";
        String removed = workload("app: 'web', waiver: 'w'", "app: 'web'", "web:1")
                + "22 event ReplicaSet/web-b FailedCreate admission webhook \"pods.example.com\" denied the request: no\n";
        String label = "B web CHANGED spec.template.metadata.labels.waiver";
        assertThat(links("admission-webhook", WEB, hook.formatted(2) + removed))
                .containsExactly("C hooks CREATED", label);
        assertThat(links("admission-webhook", WEB, hook.formatted(14) + removed))
                .containsExactly("B hooks CREATED", label);
        assertThat(links("admission-webhook", WEB, hook.formatted(14).replace("waiver", "other") + removed))
                .containsExactly("B hooks CREATED");
    }

    /** A policy and its binding since second 2, a namespace whose labels are changed at a second, and a pod that is refused. */
    private static String inNamespace(String constraints, String resources, String before, int second, String after) {
        return "-20 is namespaces/shop {metadata: {labels: {" + before + "}}}\n2 made " + POLICY
                + " {spec: {matchConstraints: {" + constraints + "}, validations: [{expression: 'false'}]}}\n2 made "
                + BINDING
                + " {spec: {matchResources: {" + resources + "}, validationActions: ['Deny']}}\n"
                + workload("app: 'web'", "app: 'web'", "web:2") + second + " is namespaces/shop {metadata: {labels: {"
                + after
                + "}}}\n" + DENIED;
    }

    @Test
    void aLabelByWhichAPolicyOrItsBindingTakesTheNamespaceIsProvedButNotOneTheyDoNotAskFor() throws Exception {
        String live = "namespaceSelector: {matchLabels: {env: 'live'}}";
        String label = "A shop CHANGED metadata.labels.env";
        assertThat(links("admission-policy", WEB, inNamespace("", live, "env: 'test'", 15, "env: 'live'")))
                .contains(label);
        assertThat(links("admission-policy", WEB, inNamespace(live, "", "env: 'test'", 15, "env: 'live'")))
                .contains(label);
        assertThat(causes(WEB, inNamespace("", live, "env: 'test'", 15, "env: 'live'")))
                .startsWith(label);

        String team = "namespaceSelector: {matchLabels: {team: 'a'}}";
        assertThat(links("admission-policy", WEB, inNamespace(team, live, "env: 'test'", 15, "env: 'live'")))
                .as("the other selector does not take it")
                .noneMatch(link -> link.contains("shop"));
        assertThat(links(
                        "admission-policy",
                        WEB,
                        inNamespace("", live, "env: 'live', team: 'a'", 15, "env: 'live', team: 'b'")))
                .as("the selector does not ask for it")
                .noneMatch(link -> link.contains("shop"));
        String has = "namespaceSelector: {matchExpressions: [{key: 'env', operator: 'Exists'}]}";
        assertThat(links("admission-policy", WEB, inNamespace("", has, "env: 'test'", 15, "env: 'live'")))
                .as("it was taken before")
                .noneMatch(link -> link.contains("shop"));
        assertThat(links("admission-policy", WEB, inNamespace("", live, "env: 'test'", 60, "env: 'live'")))
                .as("it was changed later")
                .noneMatch(link -> link.contains("shop"));
    }
}
