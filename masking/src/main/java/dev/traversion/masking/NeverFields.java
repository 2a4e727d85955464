/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The paths of two names below which nothing is masked: all that there are, usually. */
final class NeverFields {

    private final Map<String, Set<String>> members = new HashMap<>();

    NeverFields(List<String> paths) {
        for (String path : paths) {
            String[] names = path.split("\\.", -1);
            if (names.length == 2) {
                members.computeIfAbsent(names[0], section -> new HashSet<>()).add(names[1]);
            }
        }
    }

    boolean contains(String section, String member) {
        Set<String> found = members.get(section);
        return found != null && found.contains(member);
    }
}
