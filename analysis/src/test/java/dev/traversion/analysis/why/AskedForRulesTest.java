/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What somebody asks for, and is not there any more: paths, ports of nodes, and ports by their names. */
class AskedForRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String PEER = "image: 'web:1', args: ['--call=http://db/v1/rates']";

    private static String db(String before, String after) {
        return """
                -20 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                -10 base db {image: 'db:1', env: [{name: 'PATHS', value: '%s'}]}
                -10 base web {%s}
                20 rollout db b {image: 'db:2', env: [{name: 'PATHS', value: '%s'}]} ready
                25 gone pods/db-a-x
                40 pod web {%s} crashed Error it failed
                """.formatted(before, PEER, after, PEER);
    }

    @Test
    void whatTookAwayThePathThatACallerAsksForComesBeforeTheOtherFieldsOfARelease() throws Exception {
        String env = "B db CHANGED spec.template.spec.containers[name=web].env[name=PATHS].value";
        String image = "B db CHANGED spec.template.spec.containers[name=web].image";
        assertThat(causes(WEB, db("/v1/rates,/v2/rates", "/v2/rates"))).containsExactly(env, image);
        assertThat(causes(WEB, db("/v1/rates,/v2/rates", "/v2/rates,/v1/rates")).getFirst())
                .as("it is there as before")
                .isEqualTo(image);
        assertThat(causes(WEB, db("/v1/rat,/v2/rates", "/v2/rates")).getFirst())
                .as("a part of a path")
                .isEqualTo(image);
    }

    @Test
    void aCallerThatAsksForAPathWhichWasInTheConfigMapOfWhomItCallsIsLedBackToThat() throws Exception {
        String tale = """
                -20 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                -20 is configmaps/layout {data: {PATHS: '/v1/rates'}}
                -10 base db {image: 'db:1', envFrom: [{configMapRef: {name: 'layout'}}]}
                -10 base web {%1$s}
                10 is configmaps/layout {data: {PATHS: '%2$s'}}
                %3$s
                40 pod web {%1$s} crashed Error it failed
                """;
        String anew = "20 rollout db b {image: 'db:2', envFrom: [{configMapRef: {name: 'layout'}}]} ready";
        assertThat(links("backend-settings", WEB, tale.formatted(PEER, "/v2/rates", anew)))
                .containsExactly("B layout CHANGED data.PATHS");
        assertThat(links("backend-settings", WEB, tale.formatted(PEER, "/v1/rates,/v2", anew)))
                .as("it is there still")
                .isEmpty();
        assertThat(links("backend-settings", WEB, tale.formatted(PEER, "/v2/rates", "")))
                .as("nobody has read it")
                .isEmpty();
    }

    @Test
    void aPortOfTheNodesIsProvedToBeGoneIfSomebodyAskedANodeForIt() throws Exception {
        String tale = """
                -20 is nodes/n1 {spec: {}, status: {addresses: [{type: 'InternalIP', address: '10.1.0.1'}]}}
                -20 is services/db {spec: {type: 'NodePort', ports: [{port: 80, nodePort: 30080}]}}
                -10 base web {image: 'web:1'}
                20 is services/db {spec: {%s}}
                40 pod web {image: 'web:1'} crashed Error dial tcp %s: connection refused
                """;
        assertThat(links("node-port", WEB, tale.formatted("type: 'ClusterIP', ports: [{port: 80}]", "10.1.0.1:30080")))
                .containsExactly("A db CHANGED spec.type");
        String other = "type: 'NodePort', ports: [{port: 80, nodePort: 30081}]";
        assertThat(links("node-port", WEB, tale.formatted(other, "10.1.0.1:30080")))
                .containsExactly("A db CHANGED spec.ports[port=80].nodePort");
        assertThat(links("node-port", WEB, tale.formatted(other, "edge.example.com:30080")))
                .as("that may be somebody else's")
                .containsExactly("B db CHANGED spec.ports[port=80].nodePort");
        assertThat(links("node-port", WEB, tale.formatted(other, "10.1.0.1:30090")))
                .isEmpty();
    }

    @Test
    void aPortOfAServiceThatGetsANameLeadsToNoAddressesOfAnotherName() throws Exception {
        String tale = """
                -20 is services/db {spec: {ports: [{port: 80}]}}
                -20 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: [{addresses: ['10.0.0.9']}], ports: [{name: '%2$s', port: 80}]}
                -10 base web {%1$s}
                20 is services/db {spec: {ports: [{name: 'http', port: 80, appProtocol: 'http'}]}}
                40 pod web {%1$s} crashed Error bad
                """;
        assertThat(links("hand-written-endpoints", WEB, tale.formatted(PEER, "")))
                .containsExactly("A db CHANGED spec.ports[port=80].name");
        assertThat(links("hand-written-endpoints", WEB, tale.formatted(PEER, "http")))
                .isEmpty();
        assertThat(links("service-port", WEB, tale.formatted(PEER, "")))
                .as("of which kind it is changes nothing")
                .isEmpty();
    }

    @Test
    void addressesThatAreLabelledNotToBeTakenUpCountForNothing() throws Exception {
        String tale = """
                -20 is services/db {spec: {ports: [{port: 80}]}}
                -20 is endpoints/db {subsets: [{addresses: [{ip: '10.0.0.9'}]}]}
                -20 is endpointslices.discovery.k8s.io/db-x {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: [{addresses: ['10.0.0.9']}]}
                -10 base web {%s}
                20 is endpoints/db {metadata: {labels: {'%s': 'true'}}, subsets: [{addresses: [{ip: '10.0.0.9'}]}]}
                21 gone endpointslices.discovery.k8s.io/db-x
                40 pod web {%s} crashed Error bad
                """;
        String label = "endpointslice.kubernetes.io/skip-mirror";
        assertThat(causes(WEB, tale.formatted(PEER, label, PEER)).getFirst()).isEqualTo("A db CHANGED metadata.labels");
        assertThat(links("hand-written-endpoints", WEB, tale.formatted(PEER, "example.com/skip", PEER)))
                .containsExactly("B db-x DELETED");
    }
}
