/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.access;

import java.util.List;
import java.util.Map;

/** A user as the API server knows one. */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {

    public User {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }
}
