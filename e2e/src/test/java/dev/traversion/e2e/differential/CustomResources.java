/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.recording.ApiClient;
import dev.traversion.e2e.recording.Waiting;
import java.time.Duration;

/** Two custom resource definitions of the group differential.test, removed at the end. */
final class CustomResources implements AutoCloseable {

    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: %1$ss.differential.test}
            spec:
              group: differential.test
              scope: Namespaced
              names: {plural: %1$ss, singular: %1$s, kind: %2$s}
              versions:
                - name: %3$s
                  served: true
                  storage: true
                  additionalPrinterColumns:
                    - {name: Size, type: integer, jsonPath: .spec.size}
                    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    private final Kubectl kubectl;

    private CustomResources(Kubectl kubectl) {
        this.kubectl = kubectl;
    }

    static CustomResources create(Kubectl kubectl) {
        kubectl.apply(DEFINITION.formatted("widget", "Widget", "v1") + "---\n"
                + DEFINITION.formatted("gadget", "Gadget", "v1beta1"));
        kubectl.awaitEstablished("crd/widgets.differential.test", "crd/gadgets.differential.test");
        return new CustomResources(kubectl);
    }

    /** Waits until the recorder has noticed them. */
    void awaitServed(ApiClient past) throws Exception {
        Waiting.until(
                Duration.ofSeconds(60),
                "the recorded cluster serves both",
                () -> past.get("/apis/differential.test/v1/widgets").status() == 200
                        && past.get("/apis/differential.test/v1beta1/gadgets").status() == 200);
    }

    @Override
    public void close() {
        kubectl.output("delete", "crd", "widgets.differential.test", "gadgets.differential.test", "--wait=false");
    }
}
