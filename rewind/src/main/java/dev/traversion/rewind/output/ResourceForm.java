/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.output;

import dev.traversion.rewind.cluster.Conversion;
import dev.traversion.rewind.cluster.StoredForm;

/**
 * How objects of a resource are written.
 *
 * @param custom whether it is a custom resource: its lists are framed differently
 * @param stored the form in which the objects were recorded
 * @param conversion from there to the API version
 */
public record ResourceForm(
        String kind, String listKind, String apiVersion, boolean custom, StoredForm stored, Conversion conversion) {

    /** Whether bodies go out as they were recorded. */
    boolean isUnconverted() {
        return conversion.isIdentity();
    }

    /** What a body begins with when it is served. */
    byte[] head() {
        return new StoredForm(kind, apiVersion, custom).head();
    }
}
