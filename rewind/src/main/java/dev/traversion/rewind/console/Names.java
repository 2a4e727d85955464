/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Strings with numbers from zero on, in the order in which they came. */
final class Names {

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> all = new ArrayList<>();

    /** The first one, whether it comes or not. */
    Names(String first) {
        number(first);
    }

    int number(String name) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        numbers.put(name, all.size());
        all.add(name);
        return all.size() - 1;
    }

    List<String> all() {
        return all;
    }
}
