/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamespaceSelectionTest {

    @Test
    void namesAndPatternsAreTakenAndLeftOut() {
        NamespaceSelection selection =
                new NamespaceSelection(List.of("shop", "team-*", "*-live"), List.of("team-x*", "a*b*c"));

        assertThat(List.of("shop", "team-", "team-a", "bank-live", "")).allMatch(selection::isRecorded);
        assertThat(List.of("shopping", "my-team-a", "team-x1", "live", "bank")).noneMatch(selection::isRecorded);
        assertThat(new NamespaceSelection(List.of(), List.of("a*b*c")).isRecorded("a-b-b-c"))
                .isFalse();
        assertThat(new NamespaceSelection(List.of(), List.of("a*a")).isRecorded("a"))
                .isTrue();
    }

    @Test
    void whatWasToldIsUnderstood() {
        for (NamespaceSelection selection : List.of(
                new NamespaceSelection(List.of("shop", "team-*"), List.of("team-x")),
                new NamespaceSelection(List.of(), List.of("kube-*")),
                new NamespaceSelection(List.of("shop"), List.of()))) {
            assertThat(NamespaceSelection.of(selection.limit())).contains(selection);
            String behind = "best effort: served by a/b; " + selection.limit();
            assertThat(NamespaceSelection.of(behind)).contains(selection);
            assertThat(NamespaceSelection.withoutSelection(behind)).isEqualTo("best effort: served by a/b");
            assertThat(NamespaceSelection.withoutSelection(selection.limit())).isEmpty();
        }
        assertThat(NamespaceSelection.ALL.limit()).isEmpty();
        assertThat(NamespaceSelection.of("best effort: served by a/b")).isEmpty();
    }
}
