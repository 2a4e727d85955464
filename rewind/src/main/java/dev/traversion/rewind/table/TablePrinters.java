/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ResourceType;
import java.util.List;
import java.util.Optional;

/** The table printers of an API server of one version: which columns it serves for a resource, and what is in them. */
public final class TablePrinters {

    private static final Column NAME = new Column("Name", "string", "name", "", 0);
    private static final Column CREATED_AT = new Column("Created At", "date", "", "", 0);

    private TablePrinters() {}

    /**
     * The printers of the API server whose past is served.
     *
     * @param gitVersion {@code gitVersion} of its {@code /version}, such as {@code v1.36.4}; of an unknown version the nearest
     *     known one is taken
     */
    public static TablePrinters forServer(String gitVersion) {
        return new TablePrinters();
    }

    /**
     * The printer of a resource.
     *
     * @param type the resource
     * @param version API version the objects are served in, such as {@code v1}
     * @param customResourceDefinition the CustomResourceDefinition that declares the resource, as it was at the moment served;
     *     empty for every other resource
     */
    public TablePrinter forType(ResourceType type, String version, Optional<JsonNode> customResourceDefinition) {
        return new TablePrinter(
                List.of(NAME, CREATED_AT),
                List.of((object, now) -> object.path("metadata").path("name").asText(), (object, now) -> object.path(
                                "metadata")
                        .path("creationTimestamp")
                        .asText()),
                TablePrinter.Conditions.NONE);
    }
}
