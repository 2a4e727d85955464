/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.Layout;
import dev.traversion.archive.denial.Denials;
import dev.traversion.archive.denial.SubjectSearch;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What of the nodes' rows must not be kept: those of erased pods, and erased values in the texts of others. For one thread. */
final class RowOmissions {

    /** Texts that are no content. */
    private static final Set<String> STRUCTURE =
            Set.of("kind", "pod_uid", "container_id", "stream", "stage", "boot_id");

    private final Denials denials;
    private final SubjectSearch values;
    private final Map<String, Boolean> pods = new HashMap<>();

    private RowOmissions(Denials denials) {
        this.denials = denials;
        this.values = denials.search();
    }

    /** As of now. */
    static RowOmissions load(Store store, Layout layout) throws IOException {
        return new RowOmissions(Denials.load(store, layout));
    }

    /** The row as it may be kept, the same if all of it may; empty if none of it may. */
    Optional<NodeRow> of(NodeRow row) {
        if (isDenied(row)) {
            return Optional.empty();
        }
        if (values.isEmpty()) {
            return Optional.of(row);
        }
        String[] texts = row.texts().clone();
        for (int i = 0; i < texts.length; i++) {
            if (texts[i] != null
                    && !STRUCTURE.contains(row.table().columns().get(i).name())) {
                byte[] bytes = texts[i].getBytes(StandardCharsets.UTF_8);
                byte[] cleaned = values.without(bytes);
                texts[i] = cleaned.length == bytes.length && Arrays.equals(cleaned, bytes)
                        ? texts[i]
                        : new String(cleaned, StandardCharsets.UTF_8);
            }
        }
        return Optional.of(
                Arrays.equals(texts, row.texts())
                        ? row
                        : new NodeRow(row.table(), row.node(), row.bootTime(), row.numbers(), texts));
    }

    /** A gap of logs begins its reason with whose they are: {@code shop/web/app: }. */
    private boolean isDenied(NodeRow row) {
        if (row.table() == LandingTable.GAPS) {
            String reason = row.text("reason");
            int slash = reason.indexOf('/');
            return slash > 0 && denials.all().stream().anyMatch(denial -> denial.isOf(reason.substring(0, slash)));
        }
        boolean hasPod =
                row.table().columns().stream().anyMatch(column -> column.name().equals(NodeTables.POD_UID));
        return hasPod
                && !row.text(NodeTables.POD_UID).isEmpty()
                && pods.computeIfAbsent(row.text(NodeTables.POD_UID), denials::isOfDeniedPod);
    }

    /** The rows that may be kept. */
    List<NodeRow> of(List<NodeRow> rows) {
        return rows.stream().map(this::of).flatMap(Optional::stream).toList();
    }
}
