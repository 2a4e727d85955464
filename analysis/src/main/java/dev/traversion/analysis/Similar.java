/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What somebody may have meant who named an object that is not there. */
public final class Similar {

    private static final int MOST = 3;

    private Similar() {}

    /**
     * A sentence that begins with a blank: where there is an object of the name, or which names are like it; {@code ""} if there is
     * nothing like it.
     *
     * @param history as far as whoever asks may read it
     * @param namespace {@code ""} for all, or for objects that are in none
     * @param to the moment, ns
     */
    public static String hint(History history, Set<ResourceType> types, String namespace, String name, long to)
            throws IOException {
        Set<ObjectKey> known = new TreeSet<>();
        ObjectVersion.Visitor look = version -> {
            known.add(version.key());
            return true;
        };
        for (ResourceType type : types) {
            history.list(type, "", null, to, look);
        }
        Set<String> places = known.stream()
                .filter(key -> key.name().equals(name))
                .map(ObjectKey::namespace)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!places.isEmpty()) {
            return " There is one in the namespace "
                    + String.join(", ", places.stream().limit(MOST).toList()) + ".";
        }
        List<String> like = like(known, namespace, name);
        return like.isEmpty() ? "" : " Did you mean " + String.join(", or ", like) + "?";
    }

    private static List<String> like(Set<ObjectKey> known, String namespace, String name) {
        List<String> found = new ArrayList<>();
        known.stream()
                .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
                .filter(key -> isLike(key.name(), name))
                .sorted(Comparator.comparingInt(key -> distance(key.name(), name)))
                .forEach(key -> {
                    String text = key.type().resource() + "/" + key.name();
                    if (found.size() < MOST && !found.contains(text)) {
                        found.add(text);
                    }
                });
        return found;
    }

    private static boolean isLike(String known, String name) {
        boolean begins = name.length() > 2 && (known.startsWith(name + "-") || name.startsWith(known + "-"));
        return begins || distance(known, name) <= Math.max(1, name.length() / 4);
    }

    /** How many characters have to be put in, taken out or replaced. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int same = corner + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                corner = row[j];
                row[j] = Math.min(same, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
