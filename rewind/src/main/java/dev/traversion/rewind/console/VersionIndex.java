/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which version of which object is current when: the objects at the beginning of a window, and each of their changes. Held in columns,
 * fourteen bytes a change.
 */
final class VersionIndex {

    private static final int MOST_MANAGERS = 65_535;
    private static final int MANAGER_BITS = 16;
    private static final int HEALTH_BITS = 8;

    private final long from;
    private final int limit;

    /** How far it is worth to read: as far as asked for, or as the limit reaches. */
    private long to;

    private final Names namespaces = new Names("");
    private final Names managers = new Names("");
    private final ArrayNode kinds = JsonNodeFactory.instance.arrayNode();
    private final List<Row> rows = new ArrayList<>();

    private short[] objectKind = new short[1024];
    private int[] objectNamespace = new int[1024];
    private int[] objectNameEnd = new int[1024];
    private byte[] initial = new byte[1024];
    private int[] initialAge = new int[1024];
    private final ByteArrayOutputStream names = new ByteArrayOutputStream();
    private int objects;

    /** ms since {@code from} in the upper half, the row of the change in the lower. */
    private long[] order = new long[1024];

    private Row[] changeRow = new Row[1024];

    /** Verb, health, manager. */
    private int[] changeWhat = new int[1024];

    private int changes;

    /** How many changes there may be before those of them go that are later than a page reaches. */
    private int room;

    /** ms since {@code from}, beyond which no change belongs to the page. */
    private long mostMillis = Long.MAX_VALUE;

    /**
     * @param from ns, exclusive
     * @param to ns, inclusive
     * @param limit of changes
     */
    VersionIndex(long from, long to, int limit) {
        this.from = from;
        this.to = to;
        this.limit = limit;
        room = Math.max(1024, 2 * limit);
    }

    private static final class Row {
        private final ObjectKey key;
        private byte health = Health.ABSENT;
        private int age;

        private int number;

        Row(ObjectKey key) {
            this.key = key;
        }
    }

    /** Adds all objects of a type. */
    void add(History history, ResourceType type, String namespace, ObjectNode kind) throws IOException {
        int first = rows.size();
        Map<ObjectKey, Row> byKey = new HashMap<>();
        history.list(type, namespace, null, from, version -> {
            Row row = row(version.key(), byKey);
            row.health = Vitals.health(version);
            row.age = age(Vitals.created(version));
            return true;
        });
        Row[] last = {null};
        ObjectKey[] lastKey = {null};
        history.unorderedChanges(type, namespace, from, to, version -> {
            long millis = Millis.observed(version.observedAt()) - Millis.observed(from);
            if (millis <= mostMillis) {
                if (!version.key().equals(lastKey[0])) {
                    lastKey[0] = version.key();
                    last[0] = row(version.key(), byKey);
                }
                add(version, millis, last[0]);
            }
            return true;
        });
        if (rows.size() == first) {
            return;
        }
        // What was there at the beginning is in order already.
        List<Row> sorted = new ArrayList<>(rows.subList(first, rows.size()));
        sorted.sort(Comparator.comparing(row -> row.key));
        short number = (short) kinds.size();
        kinds.add(kind);
        sorted.forEach(row -> addObject(number, row));
    }

    private Row row(ObjectKey key, Map<ObjectKey, Row> byKey) {
        return byKey.computeIfAbsent(key, _ -> {
            Row row = new Row(key);
            rows.add(row);
            return row;
        });
    }

    private int age(long created) {
        return created == 0 ? 0 : Math.clamp(from / 1_000_000_000L - created, 0, Integer.MAX_VALUE);
    }

    private void addObject(short kind, Row row) {
        if (objects == objectKind.length) {
            objectKind = Arrays.copyOf(objectKind, objects * 2);
            objectNamespace = Arrays.copyOf(objectNamespace, objects * 2);
            objectNameEnd = Arrays.copyOf(objectNameEnd, objects * 2);
            initial = Arrays.copyOf(initial, objects * 2);
            initialAge = Arrays.copyOf(initialAge, objects * 2);
        }
        objectKind[objects] = kind;
        objectNamespace[objects] = namespaces.number(row.key.namespace());
        names.writeBytes(row.key.name().getBytes(StandardCharsets.UTF_8));
        objectNameEnd[objects] = names.size();
        initial[objects] = row.health;
        initialAge[objects] = row.age;
        row.number = objects++;
    }

    private void add(ObjectVersion version, long millis, Row row) throws IOException {
        if (changes == order.length) {
            order = Arrays.copyOf(order, changes * 2);
            changeRow = Arrays.copyOf(changeRow, changes * 2);
            changeWhat = Arrays.copyOf(changeWhat, changes * 2);
        }
        order[changes] = (millis << 32) | changes;
        changeRow[changes] = row;
        int manager = managers.all().size() < MOST_MANAGERS ? managers.number(version.fieldManager()) : 0;
        int health = Vitals.health(version) & 0xFF;
        changeWhat[changes++] = (verb(version) << (MANAGER_BITS + HEALTH_BITS)) | (health << MANAGER_BITS) | manager;
        if (changes >= room) {
            forgetLatest();
        }
    }

    /** Lets go of what is later than a page reaches, so that a long stretch does not take more memory than a page. */
    private void forgetLatest() {
        Arrays.sort(order, 0, changes);
        mostMillis = order[limit] >>> 32;
        to = Math.min(to, Millis.nanos(Millis.observed(from) + mostMillis));
        int kept = limit;
        while (kept < changes && (order[kept] >>> 32) == mostMillis) {
            kept++;
        }
        Row[] keptRow = new Row[changeRow.length];
        int[] keptWhat = new int[changeWhat.length];
        for (int i = 0; i < kept; i++) {
            keptRow[i] = changeRow[(int) order[i]];
            keptWhat[i] = changeWhat[(int) order[i]];
            order[i] = ((order[i] >>> 32) << 32) | i;
        }
        changeRow = keptRow;
        changeWhat = keptWhat;
        changes = kept;
        room = Math.max(room, 2 * kept);
    }

    static int verb(ObjectVersion version) {
        return switch (version.operation()) {
            case ADDED -> 1;
            case MODIFIED -> 2;
            case DELETED -> 3;
        };
    }

    /** The file. A page that would be too long ends with the last ms it holds all of. */
    byte[] bytes(ObjectNode hidden) throws IOException {
        Arrays.sort(order, 0, changes);
        int count = changes;
        long end = Millis.observed(to);
        boolean isComplete = changes <= limit;
        if (!isComplete) {
            long cut = order[limit] >>> 32;
            count = limit;
            while (count > 0 && (order[count - 1] >>> 32) >= cut) {
                count--;
            }
            // Everything within one ms: then the page is as long as that ms.
            while (count == 0 || (count < changes && (order[count] >>> 32) < cut)) {
                count++;
            }
            end = Millis.observed(from) + (order[count - 1] >>> 32);
            while (count < changes && (order[count] >>> 32) <= end - Millis.observed(from)) {
                count++;
            }
        }
        int[] time = new int[count];
        int[] object = new int[count];
        byte[] verb = new byte[count];
        byte[] health = new byte[count];
        short[] manager = new short[count];
        for (int i = 0; i < count; i++) {
            int row = (int) order[i];
            time[i] = (int) (order[i] >>> 32);
            object[i] = changeRow[row].number;
            verb[i] = (byte) (changeWhat[row] >>> (MANAGER_BITS + HEALTH_BITS));
            health[i] = (byte) (changeWhat[row] >>> MANAGER_BITS);
            manager[i] = (short) changeWhat[row];
        }
        Columns columns = new Columns();
        columns.u16("objectKind", objectKind, objects);
        columns.u32("objectNamespace", objectNamespace, objects);
        columns.u32("objectNameEnd", objectNameEnd, objects);
        columns.u8("names", names.toByteArray(), names.size());
        columns.u8("initial", initial, objects);
        columns.u32("initialAge", initialAge, objects);
        columns.u32("time", time, count);
        columns.u32("object", object, count);
        columns.u8("verb", verb, count);
        columns.u8("health", health, count);
        columns.u16("manager", manager, count);
        return columns.bytes(header(end, isComplete, count, hidden));
    }

    private ObjectNode header(long end, boolean isComplete, int count, ObjectNode hidden) {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        header.put("from", Millis.observed(from)).put("to", end).put("complete", isComplete);
        header.put("objects", objects).put("changes", count);
        header.set("kinds", kinds);
        namespaces.all().forEach(header.putArray("namespaces")::add);
        managers.all().forEach(header.putArray("managers")::add);
        header.set("hidden", hidden);
        return header;
    }
}
