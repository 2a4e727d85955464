/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CauseTest {

    private static final String CONTAINER = "spec.template.spec.containers[name=web]";

    @Test
    void aFieldIsTheSameIfOneContainsTheOther() {
        Cause truth = cause("changed", CONTAINER + ".livenessProbe.httpGet.port");

        assertThat(cause("changed", CONTAINER + ".livenessProbe").sameField(truth))
                .isTrue();
        assertThat(cause("changed", CONTAINER + ".livenessProbe.httpGet.port").sameField(truth))
                .isTrue();
        assertThat(truth.sameField(cause("changed", CONTAINER + ".livenessProbe")))
                .isTrue();
        assertThat(cause("created", "").sameField(truth)).isTrue();
    }

    @Test
    void aFieldWhoseNameBeginsTheSameIsAnother() {
        assertThat(cause("changed", CONTAINER + ".live").sameField(cause("changed", CONTAINER + ".livenessProbe")))
                .isFalse();
        assertThat(cause("changed", "spec.replicas").sameField(cause("changed", "spec.selector")))
                .isFalse();
    }

    @Test
    void aDeletedObjectIsNotAChangedOne() {
        assertThat(cause("deleted", "").sameField(cause("changed", "spec.replicas")))
                .isFalse();
        assertThat(cause("deleted", "").sameField(cause("deleted", ""))).isTrue();
    }

    @Test
    void anObjectOfAnotherNamespaceIsAnother() {
        Cause there = new Cause("Deployment", "there", "web", "changed", "", "jane");

        assertThat(there.sameObject(cause("changed", ""))).isFalse();
        assertThat(new Cause("deployment", "shop", "web", "created", "spec", "").sameObject(cause("changed", "")))
                .isTrue();
    }

    private static Cause cause(String operation, String path) {
        return new Cause("Deployment", "shop", "web", operation, path, "jane");
    }

    @Test
    void namesMayBeQuotedThatNeedNotBe() {
        assertThat(cause("changed", "spec.selector[\"pod-template-hash\"]")
                        .sameField(cause("changed", "spec.selector.pod-template-hash")))
                .isTrue();
        assertThat(cause("changed", "data[\"app.env\"]").sameField(cause("changed", "data.app.env")))
                .as("it has a dot")
                .isFalse();
    }
}
