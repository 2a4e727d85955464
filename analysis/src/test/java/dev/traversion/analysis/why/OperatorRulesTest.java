/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Workloads that belong to a custom resource. */
class OperatorRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String ARGS = "spec.template.spec.containers[name=web].args[0]";

    private static String told(String wish, int second, String manager) {
        String owner =
                "ownerReferences: [{apiVersion: 'example.com/v1', kind: 'Widget', controller: true, name: 'corner', uid:"
                        + " 'u-corner'}]";
        String web =
                "is deployments.apps/web {metadata: {%s%s}, spec: {replicas: 1, template: {metadata: {labels: {app: 'web'}},"
                        + " spec: {containers: [{name: 'web', args: ['%s'], image: 'web:1'}]}}}}\n";
        String by = Story.managed(manager, second);
        return "-10 base web {args: ['--port=8080'], image: 'web:1'}\n"
                + "-9 " + web.formatted(owner, "", "--port=8080")
                + "-9 is widgets.example.com/corner {spec: {port: 8080, size: 3}}\n"
                + "20 is widgets.example.com/corner {spec: " + wish + "}\n"
                + second + " " + web.formatted(owner, by, "--port=9443")
                + (second + 1)
                + " is replicasets.apps/web-b {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment',"
                + " controller: true, name: 'web', uid: 'u-web'}]}, spec: {replicas: 1}, status: {replicas: 1}}\n"
                + (second + 2)
                + " made pods/web-b-x {metadata: {labels: {'pod-template-hash': 'b'}, ownerReferences: [{apiVersion:"
                + " 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'web-b', uid: 'u-web-b'}]}, spec: {containers: [{name: 'web',"
                + " args: ['--port=9443'], image: 'web:1'}]}, status: " + Story.crashed(second + 5, "Error", "bad")
                + "}\n";
    }

    @Test
    void whatAnOperatorPassedOnLeadsToWhoWishedItButNotAnotherValueOrOneOfLongAgo() throws Exception {
        assertThat(causes(WEB, told("{port: 9443, size: 3}", 23, "operator")))
                .containsExactly("B corner CHANGED spec.port");

        assertThat(causes(WEB, told("{port: 8080, size: 4}", 23, "operator")))
                .as("another value")
                .containsExactly("B web CHANGED " + ARGS);
        String digits = told("{port: 8080, size: 4}", 23, "operator")
                .replace("8080", "8013")
                .replace("9443", "8014");
        assertThat(causes(WEB, digits)).as("a part of a number").containsExactly("B web CHANGED " + ARGS);
        assertThat(causes(WEB, told("{port: 9443, size: 3}", 120, "operator")))
                .as("long after")
                .containsExactly("B web CHANGED " + ARGS);
        assertThat(causes(WEB, told("{port: 9443, size: 3}", 23, "jane")))
                .as("the same person did both")
                .containsExactly("B web CHANGED " + ARGS);
    }

    @Test
    void whatAnOperatorPassedOnOfADefaultLeadsToTheDefinition() throws Exception {
        String definition =
                "is customresourcedefinitions.apiextensions.k8s.io/widgets.example.com {spec: {versions: [{name: 'v1', schema:"
                        + " {properties: {port: {type: 'integer'%s}}}}]}}\n";
        String tale = "-10 " + definition.formatted("") + "20 " + definition.formatted(", default: %d")
                + told("{port: 8080, size: 3}", 23, "operator");
        assertThat(causes(WEB, tale.formatted(9443)))
                .containsExactly("B widgets.example.com CHANGED spec.versions[name=v1].schema.properties.port.default");
        assertThat(causes(WEB, tale.formatted(9444))).containsExactly("B web CHANGED " + ARGS);
    }
}
