/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table printers of an API server of one version: which columns it serves for a resource, and what is in them. Safe for
 * use by many threads; best made once per server.
 */
public final class TablePrinters {

    private static final Pattern MINOR = Pattern.compile("v1\\.(\\d{1,4})\\D.*");

    private final ColumnDefinitions definitions;
    private final Kinds kinds;
    private final CustomResourcePrinter customResources;
    private final Map<ResourceType, TablePrinter> builtIn = new ConcurrentHashMap<>();

    private TablePrinters(int minor) {
        this.definitions = ColumnDefinitions.of(minor);
        this.kinds = new Kinds(minor);
        List<Column> pods = definitions.of(new ResourceType("", "pods"));
        Column age = pods.stream()
                .filter(column -> column.name().equals("Age"))
                .findFirst()
                .orElseThrow();
        this.customResources = new CustomResourcePrinter(
                pods.getFirst(), new Column(age.name(), "date", age.format(), age.description(), age.priority()));
    }

    /**
     * The printers of the API server whose past is served.
     *
     * @param gitVersion {@code gitVersion} of its {@code /version}, such as {@code v1.36.4}. A version older than the oldest
     *     known one counts as that, any other unknown one as the newest.
     */
    public static TablePrinters forServer(String gitVersion) {
        return new TablePrinters(
                Math.clamp(minorVersion(gitVersion), ColumnDefinitions.OLDEST, ColumnDefinitions.NEWEST));
    }

    /** 36 of {@code v1.36.4}; that of the newest known server if it is not such a version. */
    public static int minorVersion(String gitVersion) {
        Matcher matcher = MINOR.matcher(gitVersion + " ");
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : ColumnDefinitions.NEWEST;
    }

    /**
     * The printer of a resource. A resource that is neither built in nor custom shows its name and its creation time.
     *
     * @param type the resource
     * @param version API version the objects are served in, such as {@code v1}
     * @param customResourceDefinition the CustomResourceDefinition that declares the resource, as it was at the moment served;
     *     empty for every other resource
     */
    public TablePrinter forType(ResourceType type, String version, Optional<JsonNode> customResourceDefinition) {
        return customResourceDefinition
                .map(definition -> customResources.of(definition, version))
                .orElseGet(() ->
                        builtIn.computeIfAbsent(type, built -> kinds.get(built).printer(definitions.of(built))));
    }
}
