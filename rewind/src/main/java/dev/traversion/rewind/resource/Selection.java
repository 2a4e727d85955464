/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.rewind.json.Body;
import dev.traversion.rewind.selector.FieldSelector;
import dev.traversion.rewind.selector.LabelSelector;
import java.io.IOException;

/** Which objects of a resource are wanted. Used by one thread. */
final class Selection {

    private final LabelSelector labels;
    private final FieldSelector fields;
    private final Body scratch = new Body();

    Selection(LabelSelector labels, FieldSelector fields) {
        this.labels = labels;
        this.fields = fields;
    }

    boolean isEverything() {
        return labels.isEmpty() && fields.isEmpty();
    }

    FieldSelector fields() {
        return fields;
    }

    boolean matches(ObjectVersion version) throws IOException {
        if (isEverything()) {
            return true;
        }
        if (labels.isEmpty() && fields.needsKeyOnly()) {
            return fields.matches(version.key(), new byte[0]);
        }
        if (version.bodyLength() == 0) {
            return false;
        }
        byte[] body = scratch.read(version, false).bytes();
        return labels.matches(body) && fields.matches(version.key(), body);
    }
}
