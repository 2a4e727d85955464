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
 * The columns an API server of one minor version declares for its built-in resources, as it sends them. They are kept in
 * {@code columns-<minor>.tsv}, a line a column: resource, name, type, format, priority, description with {@code \n} for a line
 * break. {@code *} is every resource that is not named.
 */
final class ColumnDefinitions {

    /** The minor versions there are definitions of, oldest first. */
    static final List<Integer> MINORS = List.of(34, 36);

    private static final ResourceType OTHERS = new ResourceType("", "*");
    private static final int FIELDS = 6;

    private final Map<ResourceType, List<Column>> columns;

    private ColumnDefinitions(Map<ResourceType, List<Column>> columns) {
        this.columns = columns;
    }

    static ColumnDefinitions of(int minor) {
        String name = "columns-1." + minor + ".tsv";
        Map<ResourceType, List<Column>> columns = new HashMap<>();
        try (InputStream stream = ColumnDefinitions.class.getResourceAsStream(name);
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] fields = line.split("\t", FIELDS);
                columns.computeIfAbsent(type(fields[0]), type -> new ArrayList<>())
                        .add(new Column(
                                fields[1],
                                fields[2],
                                fields[3],
                                fields[5].replace("\\n", "\n"),
                                Integer.parseInt(fields[4])));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + name, e);
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
