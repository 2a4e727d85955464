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

    private static final String OWNED =
            "ownerReferences: [{apiVersion: 'example.com/v1', kind: 'Widget', controller: true, name: 'corner', uid:"
                    + " 'u-corner'}]";

    private static String wished(String before, String after) {
        return "-20 is widgets.example.com/corner {spec: {" + before + "}}\n20 is widgets.example.com/corner {spec: {"
                + after + "}}\n";
    }

    @Test
    void whatAnOperatorGaveUpLeadsToWhoNamedItUntilJustBefore() throws Exception {
        String reads = "{image: 'web:1', envFrom: [{configMapRef: {name: 'settings'}}]}";
        String tale = "-20 is configmaps/settings {metadata: {%s}, data: {a: 'b'}}\n-10 base web " + reads
                + "\n%d gone configmaps/settings\n90 rollout web b " + reads
                + " waiting CreateContainerConfigError configmap \"settings\" not found\n";
        String renamed = wished("config: 'settings', size: 3", "config: 'settings-2', size: 3");
        assertThat(causes(WEB, renamed + tale.formatted(OWNED, 23))).containsExactly("B corner CHANGED spec.config");

        assertThat(causes(
                        WEB,
                        wished("config: 'settings', size: 3", "config: 'settings', size: 4")
                                + tale.formatted(OWNED, 23)))
                .as("it is named as before")
                .containsExactly("A settings DELETED");
        assertThat(causes(
                        WEB,
                        wished("config: 'settings-2', size: 3", "config: 'other', size: 3")
                                + tale.formatted(OWNED, 23)))
                .as("a part of a longer name")
                .containsExactly("A settings DELETED");
        assertThat(causes(WEB, renamed + tale.formatted(OWNED, 85)))
                .as("long after")
                .containsExactly("A settings DELETED");
        assertThat(causes(WEB, renamed + tale.formatted("labels: {a: 'b'}", 23)))
                .as("nobody owns it")
                .containsExactly("A settings DELETED");
    }

    @Test
    void aKeyThatAnOperatorGaveAnotherNameLeadsToWhoNamedThat() throws Exception {
        String reads =
                "{image: 'web:1', env: [{name: 'WORD', valueFrom: {secretKeyRef: {name: 'login', key: 'password'}}}]}";
        String secret = " is secrets/login {metadata: {" + OWNED + "%s}, data: {user: 'u', %s: 'w'}}\n";
        String tale = "-20" + secret.formatted("", "password") + "-10 base web " + reads + "\n23"
                + secret.formatted(Story.managed("operator", 23), "phrase") + "40 rollout web b " + reads
                + " waiting CreateContainerConfigError couldn't find key password in Secret shop/login\n";
        String size = "size: 3";
        assertThat(causes(WEB, wished("key: 'password', " + size, "key: 'phrase', " + size) + tale)
                        .getFirst())
                .isEqualTo("B corner CHANGED spec.key");
        assertThat(causes(WEB, wished(size, "key: 'phrase', " + size) + tale).getFirst())
                .as("it had that name by default")
                .isEqualTo("B corner CHANGED spec.key");

        assertThat(causes(WEB, wished("key: 'pin', " + size, "key: 'code', " + size) + tale))
                .as("other names")
                .noneMatch(cause -> cause.contains("corner"));
        assertThat(causes(
                        WEB,
                        wished("key: 'password', " + size, "key: 'phrase', " + size)
                                + tale.replace(Story.managed("operator", 23), "")))
                .as("the same person did both")
                .noneMatch(cause -> cause.contains("corner"));
    }

    @Test
    void whoAsksByAFieldThatNobodyMaySelectByAnyMoreIsLedBackToTheDefinition() throws Exception {
        String definition =
                "is customresourcedefinitions.apiextensions.k8s.io/widgets.example.com {spec: {group: '%s', versions:"
                        + " [{name: 'v1', selectableFields: [%s]}]}}\n";
        String size = "{jsonPath: '.spec.size'}";
        String colour = "{jsonPath: '.spec.colour'}, ";
        String asks =
                "40 pod web {image: 'web:1'} crashed Error /apis/example.com/v1/widgets: field label not supported: spec.%s\n";
        String tale = "-20 " + definition.formatted("example.com", colour + size) + "-10 base web {image: 'web:1'}\n%d "
                + definition.formatted("example.com", size);
        assertThat(links("field-selector", WEB, tale.formatted(20) + asks.formatted("colour")))
                .isNotEmpty()
                .allMatch(link ->
                        link.startsWith("A widgets.example.com CHANGED spec.versions[name=v1].selectableFields"));

        assertThat(links("field-selector", WEB, tale.formatted(20) + asks.formatted("shape")))
                .as("nobody ever might select by it")
                .isEmpty();
        assertThat(links("field-selector", WEB, tale.formatted(60) + asks.formatted("colour")))
                .as("it was changed later")
                .isEmpty();
        assertThat(links(
                        "field-selector",
                        WEB,
                        tale.formatted(20) + "30 " + definition.formatted("example.com", colour + size)
                                + asks.formatted("colour")))
                .as("it was put back")
                .isEmpty();
        assertThat(links(
                        "field-selector",
                        WEB,
                        tale.formatted(20).replace("group: 'example.com'", "group: 'example.org'")
                                + asks.formatted("colour")))
                .as("another group")
                .isEmpty();
    }

    @Test
    void aSecretThatNobodyCanReadLeadsToTheWishWhoseWordsWereWrittenWithIt() throws Exception {
        String secret = "is secrets/keys {metadata: {" + OWNED
                + ", annotations: {'example.com/names': '%s'}%s}, data: {'tls.crt': 'aG1hYzo%s'}}\n";
        String reads =
                "{image: 'web:1', env: [{name: 'KEY', valueFrom: {secretKeyRef: {name: 'keys', key: 'tls.crt'}}}]}";
        String told = wished("size: 1, names: ['pay']", "size: 2, names: ['%s']")
                + "-15 " + secret.formatted("pay", "", "x") + "-10 base web " + reads + "\n23 "
                + secret.formatted("pay.example.com", Story.managed("operator", 23), "y")
                + "30 rollout web b " + reads + " crashed Error bad\n";
        assertThat(causes(WEB, told.formatted("pay.example.com"))).containsExactly("B corner CHANGED spec.names[0]");
        assertThat(causes(WEB, told.formatted("shop.example.com")))
                .as("the name of something else")
                .containsExactly("B keys CHANGED data[\"tls.crt\"]");
    }

    @Test
    void aFieldThatADefinitionDroppedIsNotPassedOnAnyMore() throws Exception {
        String definition =
                "is customresourcedefinitions.apiextensions.k8s.io/widgets.example.com {spec: {versions: [{name: 'v1', schema:"
                        + " {properties: {%s, size: {type: 'integer'}}}}]}}\n";
        String dropped = "-10 " + definition.formatted("%s: {type: 'integer'}") + "20 "
                + definition.formatted("depth: {type: 'integer'}");
        String tale = told("{port: 8080, size: 3}", 23, "operator");
        assertThat(causes(WEB, dropped.formatted("port") + tale))
                .containsExactly("B widgets.example.com CHANGED spec.versions[name=v1].schema.properties.port");
        assertThat(causes(WEB, dropped.formatted("colour") + tale)).containsExactly("B web CHANGED " + ARGS);
    }

    @Test
    void aPortOfAServiceThatAnOperatorMadeAnewLeadsToTheWishForAnother() throws Exception {
        String service = "is services/db {metadata: {" + OWNED
                + "%s}, spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: %d}]}}\n";
        String told = wished("port: 8080", "port: %d") + "-20 " + service.formatted("", 8080)
                + "-10 base web {image: 'web:1', args: ['http://db:8080/']}\n23 "
                + service.formatted(Story.managed("operator", 23), 9090)
                + "30 pod web {image: 'web:1', args: ['http://db:8080/']} crashed Error no answer\n";
        assertThat(causes(WEB, told.formatted(9090))).first().isEqualTo("B corner CHANGED spec.port");
        assertThat(causes(WEB, told.replace("{port: 8080}}", "{port: 7070}}").formatted(7071)))
                .first()
                .isEqualTo("A db CHANGED spec.ports[port=8080]");
    }
}
