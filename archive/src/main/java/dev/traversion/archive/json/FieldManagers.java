/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads who changed an object from the value of its managedFields. */
public final class FieldManagers {

    private static final byte[] MANAGER = "\"manager\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TIME = "\"time\"".getBytes(StandardCharsets.UTF_8);

    private FieldManagers() {}

    /** The manager of the newest entry; {@code ""} if there is none. */
    public static String newest(byte[] fields, int from, int to) {
        return newest(fields, from, to, fields, from, from);
    }

    /**
     * The manager of the newest entry that is not in the previous version's managedFields, or of the newest at all if every entry
     * is; {@code ""} if there is none. Times have seconds only, so of several changes within one the new entry tells.
     *
     * @param previous array that holds the previous version's managedFields; an empty range for none
     */
    public static String newest(byte[] fields, int from, int to, byte[] previous, int previousFrom, int previousTo) {
        Entry newest = null;
        int at = firstEntry(fields, from, to);
        while (at >= 0 && at < to && fields[at] == '{') {
            int end = JsonBytes.skipValue(fields, at, to);
            if (end < 0) {
                break;
            }
            boolean changed = !contains(previous, previousFrom, previousTo, fields, at, end);
            Entry entry = entry(fields, at, end, changed);
            if (newest == null || !newest.isNewerThan(entry)) {
                newest = entry;
            }
            at = JsonBytes.skipComma(fields, end, to);
        }
        return newest == null || newest.managerEnd == 0
                ? ""
                : JsonBytes.text(fields, newest.managerStart, newest.managerEnd);
    }

    private static int firstEntry(byte[] fields, int from, int to) {
        return from < to && fields[from] == '[' ? JsonBytes.skipSpace(fields, from + 1, to) : -1;
    }

    private static boolean contains(byte[] fields, int from, int to, byte[] wanted, int wantedFrom, int wantedTo) {
        int at = firstEntry(fields, from, to);
        while (at >= 0 && at < to && fields[at] == '{') {
            int end = JsonBytes.skipValue(fields, at, to);
            if (end < 0) {
                return false;
            }
            if (Arrays.equals(fields, at, end, wanted, wantedFrom, wantedTo)) {
                return true;
            }
            at = JsonBytes.skipComma(fields, end, to);
        }
        return false;
    }

    private static Entry entry(byte[] fields, int from, int to, boolean changed) {
        int managerStart = 0;
        int managerEnd = 0;
        int timeStart = 0;
        int timeEnd = 0;
        int at = JsonBytes.skipSpace(fields, from + 1, to);
        while (at >= 0 && at < to && fields[at] == '"') {
            int nameEnd = JsonBytes.skipString(fields, at, to);
            int value = JsonBytes.skipColon(fields, nameEnd, to);
            int end = JsonBytes.skipValue(fields, value, to);
            if (end < 0) {
                break;
            }
            if (fields[value] == '"' && Arrays.equals(fields, at, nameEnd, MANAGER, 0, MANAGER.length)) {
                managerStart = value;
                managerEnd = end;
            } else if (fields[value] == '"' && Arrays.equals(fields, at, nameEnd, TIME, 0, TIME.length)) {
                timeStart = value;
                timeEnd = end;
            }
            at = JsonBytes.skipComma(fields, end, to);
        }
        return new Entry(fields, changed, managerStart, managerEnd, timeStart, timeEnd);
    }

    /** Times are RFC 3339 in UTC, so their bytes have their order. */
    private record Entry(byte[] fields, boolean changed, int managerStart, int managerEnd, int timeStart, int timeEnd) {

        boolean isNewerThan(Entry later) {
            if (changed != later.changed) {
                return changed;
            }
            return Arrays.compareUnsigned(fields, timeStart, timeEnd, fields, later.timeStart, later.timeEnd) > 0;
        }
    }
}
