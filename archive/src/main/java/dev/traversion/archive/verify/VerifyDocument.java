/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The document of a {@link VerifyReport}. */
public final class VerifyDocument {

    private VerifyDocument() {}

    /**
     * {@code cluster, whole, seals, files, bytes, parts, versions, unsealedSegments, unsealedChanges, nodeRows, reads, readers, damages
     * [path, what], notes}.
     */
    public static ObjectNode of(String cluster, VerifyReport report) {
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("cluster", cluster)
                .put("whole", report.isWhole())
                .put("seals", report.seals())
                .put("files", report.files())
                .put("bytes", report.fileBytes())
                .put("parts", report.parts())
                .put("versions", report.versions())
                .put("unsealedSegments", report.segments())
                .put("unsealedChanges", report.unsealedChanges())
                .put("nodeRows", report.rows())
                .put("reads", report.reads())
                .put("readers", report.readers());
        ArrayNode damages = document.putArray("damages");
        for (VerifyReport.Damage damage : report.damagedFiles()) {
            damages.addObject().put("path", damage.path()).put("what", damage.what());
        }
        report.notes().forEach(document.putArray("notes")::add);
        return document;
    }
}
