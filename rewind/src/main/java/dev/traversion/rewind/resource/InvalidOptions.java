/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import dev.traversion.rewind.http.StatusFailure;
import java.util.ArrayList;
import java.util.List;

/** Options of a list that do not go together, all of them told at once as the API server does. */
final class InvalidOptions {

    private final List<StatusFailure.Cause> causes = new ArrayList<>();

    void forbidden(String field, String problem) {
        causes.add(new StatusFailure.Cause("FieldValueForbidden", "Forbidden: " + problem, field));
    }

    void unsupported(String field, String value, String supported) {
        causes.add(new StatusFailure.Cause(
                "FieldValueNotSupported",
                "Unsupported value: \"" + value + "\": supported values: " + supported,
                field));
    }

    /** @throws StatusFailure if there are any */
    void check() {
        if (!causes.isEmpty()) {
            throw StatusFailure.invalidOptions(causes);
        }
    }
}
