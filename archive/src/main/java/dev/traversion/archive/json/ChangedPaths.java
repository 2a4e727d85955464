/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds what changed between two versions of an object: the paths of the smallest values that differ, such as {@code
 * spec.replicas} or {@code status.conditions[1].reason}. A member that appeared or went is named itself; a list whose length
 * changed is named as a whole. Names that are not plain words are written {@code ['app.kubernetes.io/name']}.
 *
 * <p>metadata.resourceVersion, metadata.generation and metadata.managedFields change with everything else and are left out.
 *
 * <p>For one thread. Works on the bytes: it steps over what is equal and goes into what is not.
 */
public final class ChangedPaths {

    /** More paths than this are cut off, which {@link #MORE} as the last one says. */
    public static final int LIMIT = 32;

    /** Stands for the paths beyond {@link #LIMIT}, or for what could not be compared. */
    public static final String MORE = "...";

    private static final int MAX_DEPTH = 64;
    private static final byte[] RESOURCE_VERSION = "\"resourceVersion\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] GENERATION = "\"generation\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] MANAGED_FIELDS = "\"managedFields\"".getBytes(StandardCharsets.UTF_8);

    private final StringBuilder path = new StringBuilder();
    private List<String> found = new ArrayList<>();

    private byte[] left = {};
    private byte[] right = {};
    private int leftEnd;
    private int rightEnd;
    // where both stand; -1 once one of them turned out to be no JSON
    private int i;
    private int j;
    // the first position in left from i on whose byte differs from that at the same distance in right
    private int difference;
    private int shift;
    private boolean full;

    /** The paths that differ, in the order of the newer version as far as possible. */
    public List<String> between(byte[] older, int olderLength, byte[] newer, int newerLength) {
        left = older;
        right = newer;
        leftEnd = olderLength;
        rightEnd = newerLength;
        i = JsonBytes.skipSpace(older, 0, olderLength);
        j = JsonBytes.skipSpace(newer, 0, newerLength);
        difference = -1;
        full = false;
        path.setLength(0);
        found = new ArrayList<>(4);
        if (i < leftEnd && j < rightEnd && left[i] == '{' && right[j] == '{') {
            object(0);
        } else if (!Arrays.equals(older, 0, olderLength, newer, 0, newerLength)) {
            i = -1;
        }
        if (isBroken()) {
            found.add(MORE);
        }
        left = right = new byte[0];
        return found;
    }

    private void object(int depth) {
        i = JsonBytes.skipSpace(left, i + 1, leftEnd);
        j = JsonBytes.skipSpace(right, j + 1, rightEnd);
        while (!isDone() && left[i] != '}' && right[j] != '}') {
            member(depth);
        }
        while (!isDone() && left[i] != '}') {
            dropped();
        }
        while (!isDone() && right[j] != '}') {
            added();
        }
        if (!isDone()) {
            i++;
            j++;
        }
    }

    private void member(int depth) {
        int leftName = JsonBytes.skipString(left, i, leftEnd);
        int rightName = JsonBytes.skipString(right, j, rightEnd);
        if (leftName < 0 || rightName < 0 || left[i] != '"' || right[j] != '"') {
            i = -1;
            return;
        }
        if (!Arrays.equals(left, i, leftName, right, j, rightName)) {
            int same = findMember(right, j, rightName);
            if (same < 0) {
                added();
            } else {
                while (i < same && !isDone()) {
                    dropped();
                }
            }
            return;
        }
        int name = j;
        i = JsonBytes.skipColon(left, leftName, leftEnd);
        j = JsonBytes.skipColon(right, rightName, rightEnd);
        if (isBroken()) {
            return;
        }
        if (!stepOverEqual()) {
            if (isIgnored(right, name, rightName)) {
                i = JsonBytes.skipValue(left, i, leftEnd);
                j = JsonBytes.skipValue(right, j, rightEnd);
            } else {
                int length = path.length();
                appendName(right, name, rightName);
                value(depth + 1);
                path.setLength(length);
            }
        }
        nextBoth();
    }

    /** Two values which differ, or nearly so. */
    private void value(int depth) {
        if (left[i] == '{' && right[j] == '{' && depth < MAX_DEPTH) {
            object(depth);
        } else if (left[i] == '[' && right[j] == '[' && depth < MAX_DEPTH && sameLength()) {
            array(depth);
        } else {
            int leftStart = i;
            int rightStart = j;
            i = JsonBytes.skipValue(left, i, leftEnd);
            j = JsonBytes.skipValue(right, j, rightEnd);
            if (!isBroken() && !Arrays.equals(left, leftStart, i, right, rightStart, j)) {
                report();
            }
        }
    }

    private void array(int depth) {
        i = JsonBytes.skipSpace(left, i + 1, leftEnd);
        j = JsonBytes.skipSpace(right, j + 1, rightEnd);
        for (int index = 0; !isDone() && left[i] != ']' && right[j] != ']'; index++) {
            if (!stepOverEqual()) {
                int length = path.length();
                path.append('[').append(index).append(']');
                value(depth + 1);
                path.setLength(length);
            }
            nextBoth();
        }
        if (!isDone()) {
            i++;
            j++;
        }
    }

    /** Steps over the values at both positions if they are equal; stays there if they are not, or if that cannot be told cheaply. */
    private boolean stepOverEqual() {
        if (j - i != shift || i > difference) {
            shift = j - i;
            int distance = Arrays.mismatch(left, i, leftEnd, right, j, rightEnd);
            difference = distance < 0 ? leftEnd : i + distance;
        }
        // looks no further than to the difference, so that going into a large value does not cost its whole length
        // first
        int end = JsonBytes.skipValue(left, i, difference);
        if (end < 0) {
            return false;
        }
        i = end;
        j = end + shift;
        return true;
    }

    private boolean sameLength() {
        int leftCount = countElements(left, i, leftEnd);
        return leftCount >= 0 && leftCount == countElements(right, j, rightEnd);
    }

    private static int countElements(byte[] json, int array, int end) {
        int count = 0;
        int at = JsonBytes.skipSpace(json, array + 1, end);
        while (at >= 0 && at < end && json[at] != ']') {
            count++;
            at = JsonBytes.skipComma(json, JsonBytes.skipValue(json, at, end), end);
        }
        return at < 0 || at >= end ? -1 : count;
    }

    /** Where a member of the given name lies in what is left of the older object; -1 if there is none. */
    private int findMember(byte[] name, int from, int to) {
        int at = i;
        while (at >= 0 && at < leftEnd && left[at] == '"') {
            int nameEnd = JsonBytes.skipString(left, at, leftEnd);
            if (nameEnd < 0) {
                return -1;
            }
            if (Arrays.equals(left, at, nameEnd, name, from, to)) {
                return at;
            }
            int value = JsonBytes.skipColon(left, nameEnd, leftEnd);
            at = JsonBytes.skipComma(left, JsonBytes.skipValue(left, value, leftEnd), leftEnd);
        }
        return -1;
    }

    private void dropped() {
        i = lone(left, i, leftEnd);
    }

    private void added() {
        j = lone(right, j, rightEnd);
    }

    private int lone(byte[] json, int at, int end) {
        int nameEnd = json[at] == '"' ? JsonBytes.skipString(json, at, end) : -1;
        int value = JsonBytes.skipColon(json, nameEnd, end);
        int next = JsonBytes.skipComma(json, JsonBytes.skipValue(json, value, end), end);
        if (next >= 0 && !isIgnored(json, at, nameEnd)) {
            int length = path.length();
            appendName(json, at, nameEnd);
            report();
            path.setLength(length);
        }
        return next;
    }

    private void nextBoth() {
        i = JsonBytes.skipComma(left, i, leftEnd);
        j = JsonBytes.skipComma(right, j, rightEnd);
    }

    private void report() {
        String changed = path.toString();
        if (found.contains(changed)) {
            return;
        }
        if (found.size() == LIMIT) {
            full = true;
            return;
        }
        found.add(changed);
    }

    private boolean isBroken() {
        return full || i < 0 || j < 0;
    }

    private boolean isDone() {
        if (i >= leftEnd || j >= rightEnd) {
            i = -1;
        }
        return isBroken();
    }

    private boolean isIgnored(byte[] json, int from, int to) {
        return "metadata".contentEquals(path)
                && (isName(RESOURCE_VERSION, json, from, to)
                        || isName(GENERATION, json, from, to)
                        || isName(MANAGED_FIELDS, json, from, to));
    }

    private static boolean isName(byte[] name, byte[] json, int from, int to) {
        return Arrays.equals(name, 0, name.length, json, from, to);
    }

    private void appendName(byte[] json, int from, int to) {
        boolean plain = to - from > 2;
        for (int at = from + 1; at < to - 1 && plain; at++) {
            byte c = json[at];
            plain = isWordByte(c);
        }
        String name = JsonBytes.text(json, from, to);
        if (!plain) {
            path.append("['").append(name).append("']");
            return;
        }
        if (!path.isEmpty()) {
            path.append('.');
        }
        path.append(name);
    }

    private static boolean isWordByte(byte c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }
}
