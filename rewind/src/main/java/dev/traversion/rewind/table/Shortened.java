/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import java.util.ArrayList;
import java.util.List;

/** A list of which a cell shows the first few: {@code a,b,c + 2 more...}. */
final class Shortened {

    private static final int SHOWN = 3;

    private final List<String> shown = new ArrayList<>(SHOWN);
    private int count;

    void add(String value) {
        if (shown.size() < SHOWN) {
            shown.add(value);
        }
        count++;
    }

    /** The shown values, or {@code ifBlank} if they come to nothing. */
    String text(String ifBlank) {
        String text = String.join(",", shown);
        if (count > SHOWN) {
            return text + " + " + (count - SHOWN) + " more...";
        }
        return text.isEmpty() ? ifBlank : text;
    }
}
