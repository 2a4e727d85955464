/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import dev.traversion.archive.ResourceType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns an API server of one minor version declares for its built-in resources, as it sends them. They are kept in {@code
 * columns.tsv}, a line a column: the first and the last minor version that has it (nothing: the newest still does), resource,
 * name, type, format, priority, description with {@code \n} for a line break. {@code *} is every resource that is not named.
 */
final class ColumnDefinitions {

    /** The oldest and the newest minor version there are definitions of. */
    static final int OLDEST = 34;

    static final int NEWEST = 36;

    private static final String FILE = "columns.tsv";
    private static final ResourceType OTHERS = new ResourceType("", "*");
    private static final int FIELDS = 8;

    private final Map<ResourceType, List<Column>> columns;

    private ColumnDefinitions(Map<ResourceType, List<Column>> columns) {
        this.columns = columns;
    }

    static ColumnDefinitions of(int minor) {
        Map<ResourceType, List<Column>> columns = new HashMap<>();
        try (InputStream stream = ColumnDefinitions.class.getResourceAsStream(FILE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] fields = line.split("\t", FIELDS);
                int first = Integer.parseInt(fields[0]);
                int last = fields[1].isEmpty() ? NEWEST : Integer.parseInt(fields[1]);
                if (first <= minor && minor <= last) {
                    columns.computeIfAbsent(type(fields[2]), type -> new ArrayList<>())
                            .add(new Column(
                                    fields[3],
                                    fields[4],
                                    fields[5],
                                    fields[7].replace("\\n", "\n"),
                                    Integer.parseInt(fields[6])));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + FILE, e);
        }
        return new ColumnDefinitions(columns);
    }

    private static ResourceType type(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? new ResourceType("", name) : new ResourceType(name.substring(dot + 1), name.substring(0, dot));
    }

    /** The resources with columns of their own. */
    List<ResourceType> types() {
        return columns.keySet().stream()
                .filter(type -> !type.equals(OTHERS))
                .sorted()
                .toList();
    }

    /** The columns of a resource; of one without columns of its own, Name and Created At. */
    List<Column> of(ResourceType type) {
        return columns.getOrDefault(type, columns.get(OTHERS));
    }
}
