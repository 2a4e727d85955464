/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.traversion.archive.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TablePrintersTest {

    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
    private static final ResourceType SERVICE_ACCOUNTS = new ResourceType("", "serviceaccounts");
    private static final ResourceType PODS = new ResourceType("", "pods");

    @ParameterizedTest
    @ValueSource(ints = {34, 35, 36})
    void everyColumnOfEveryKindHasACell(int minor) throws Exception {
        TablePrinters printers = TablePrinters.forServer("v1." + minor + ".0");
        List<ResourceType> types = ColumnDefinitions.of(minor).types();
        JsonNode empty = json("{\"metadata\": {\"name\": \"empty\"}}");

        assertThat(types).hasSizeGreaterThan(60);
        for (ResourceType type : types) {
            TablePrinter printer = printers.forType(type, "v1", Optional.empty());
            assertThat(printer.cells(empty, NOW))
                    .as("cells of %s", type)
                    .hasSizeGreaterThanOrEqualTo(printer.columns().size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "v1.30.1, true",
        "v1.34.10, true",
        "v1.35.4, false",
        "v1.36.4, false",
        "v1.99.0-rc.1+k3s1, false",
        "unknown, false"
    })
    void takesTheDefinitionsOfTheVersionOrTheNearest(String version, boolean countsSecrets) {
        assertThat(TablePrinters.forServer(version).forType(SERVICE_ACCOUNTS, "v1", Optional.empty()).columns().stream()
                        .map(Column::name))
                .contains("Name", "Age")
                .matches(names -> names.contains("Secrets") == countsSecrets);
    }

    @Test
    void aResourceNobodyKnowsShowsItsNameAndWhenItWasCreated() throws Exception {
        TablePrinter printer = TablePrinters.forServer("v1.36.4")
                .forType(new ResourceType("metrics.example.com", "things"), "v1", Optional.empty());

        assertThat(printer.columns()).extracting(Column::name).containsExactly("Name", "Created At");
        assertThat(printer.cells(
                        json("{\"metadata\": {\"name\": \"a\", \"creationTimestamp\": \"2026-01-01T00:00:00Z\"}}"),
                        NOW))
                .containsExactly("a", "2026-01-01T00:00:00Z");
    }

    @Test
    void aCustomResourceWithoutColumnsShowsItsAge() throws Exception {
        JsonNode definition = json("{\"spec\": {\"versions\": [{\"name\": \"v1\"}]}}");
        TablePrinter printer = TablePrinters.forServer("v1.36.4")
                .forType(new ResourceType("example.com", "things"), "v1", Optional.of(definition));

        assertThat(printer.columns())
                .extracting(Column::name, Column::type)
                .containsExactly(tuple("Name", "string"), tuple("Age", "date"));
        assertThat(printer.cells(
                        json("{\"metadata\": {\"name\": \"a\", \"creationTimestamp\": \"2026-01-01T00:00:00Z\"}}"),
                        NOW))
                .containsExactly("a", "24h");
    }

    @Test
    void aColumnWhoseTypeTheValueIsNotOfIsNull() throws Exception {
        JsonNode definition = json("""
                {"spec": {"versions": [{"name": "v1", "additionalPrinterColumns": [
                  {"name": "A", "type": "integer", "jsonPath": ".a"},
                  {"name": "B", "type": "number", "jsonPath": ".a"},
                  {"name": "C", "type": "boolean", "jsonPath": ".a"},
                  {"name": "D", "type": "date", "jsonPath": ".a"},
                  {"name": "E", "type": "string", "jsonPath": ".a"}]}]}}
                """);
        TablePrinter printer = TablePrinters.forServer("v1.36.4")
                .forType(new ResourceType("example.com", "things"), "v1", Optional.of(definition));

        assertThat(printer.cells(json("{\"a\": \"text\"}"), NOW))
                .containsExactly("", null, null, null, "<invalid>", "text");
        assertThat(printer.cells(json("{\"a\": 7}"), NOW)).containsExactly("", 7L, 7L, null, null, "7");
        assertThat(printer.cells(json("{\"a\": 7.5}"), NOW)).containsExactly("", 7L, 7.5, null, null, "7.5");
        assertThat(printer.cells(json("{\"a\": {\"b\": [1e9, \"<\"]}}"), NOW))
                .containsExactly("", null, null, null, null, "{\"b\":[1000000000,\"\\u003c\"]}");
        assertThat(printer.cells(json("{}"), NOW)).containsExactly("", null, null, null, null, null);
    }

    @Test
    void aPodThatHasEndedSaysSoInItsRow() throws Exception {
        TablePrinter printer = TablePrinters.forServer("v1.36.4").forType(PODS, "v1", Optional.empty());

        assertThat(printer.conditions(json("{\"status\": {\"phase\": \"Succeeded\"}}")))
                .extracting(RowCondition::reason)
                .containsExactly("Succeeded");
        assertThat(printer.conditions(json("{\"status\": {\"phase\": \"Running\"}}")))
                .isEmpty();
    }

    @Test
    void aFailedContainerShowsInAPodOfCompletedOnesSince135() throws Exception {
        JsonNode pod = json("""
                {"spec": {"containers": [{"name": "a"}, {"name": "b"}]},
                 "status": {"phase": "Failed", "containerStatuses": [
                   {"name": "a", "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}},
                   {"name": "b", "state": {"terminated": {"exitCode": 1, "reason": "Error"}}}]}}
                """);

        assertThat(TablePrinters.forServer("v1.34.10")
                        .forType(PODS, "v1", Optional.empty())
                        .cells(pod, NOW))
                .startsWith("", "0/2", "Completed", "0");
        assertThat(TablePrinters.forServer("v1.36.4")
                        .forType(PODS, "v1", Optional.empty())
                        .cells(pod, NOW))
                .startsWith("", "0/2", "Error", "0");
    }

    @Test
    void flowSchemasAreListedByPrecedence() throws Exception {
        TablePrinter printer = TablePrinters.forServer("v1.36.4")
                .forType(new ResourceType("flowcontrol.apiserver.k8s.io", "flowschemas"), "v1", Optional.empty());
        List<JsonNode> schemas = new ArrayList<>();
        schemas.add(json("{\"metadata\": {\"name\": \"last\"}, \"spec\": {\"matchingPrecedence\": 9}}"));
        schemas.add(json("{\"metadata\": {\"name\": \"b\"}, \"spec\": {\"matchingPrecedence\": 1}}"));
        schemas.add(json("{\"metadata\": {\"name\": \"a\"}, \"spec\": {\"matchingPrecedence\": 1}}"));

        schemas.sort(printer.order().orElseThrow());

        assertThat(schemas)
                .extracting(schema -> schema.at("/metadata/name").asText())
                .containsExactly("a", "b", "last");
    }

    private static JsonNode json(String text) throws Exception {
        return new JsonMapper().readTree(text);
    }
}
