/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.math.BigDecimal;

/** Reads one value of a YAML or JSON document, with numbers as exact as they are written. */
final class TreeReader {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MOST_DIGITS = 40;

    private TreeReader() {}

    /**
     * The value that begins with the current token.
     *
     * @throws com.fasterxml.jackson.core.JacksonException if it is malformed, too deep, or uses YAML's anchors
     */
    static JsonNode read(JsonParser parser) throws IOException {
        refuseAnchors(parser);
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            default -> NODES.textNode(parser.getText());
        };
    }

    /** Aliases could expand a small file into an endless one; no tool writes them into these files. */
    static void refuseAnchors(JsonParser parser) throws IOException {
        if (parser instanceof YAMLParser yaml && (yaml.isCurrentAlias() || yaml.getObjectId() != null)) {
            throw new JsonParseException(parser, "it uses YAML anchors or aliases, which are not accepted");
        }
    }

    private static ObjectNode object(JsonParser parser) throws IOException {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            object.set(name, read(parser));
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(read(parser));
        }
        return array;
    }

    private static JsonNode integer(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    /** YAML's 1e+06 and 2.0 become 1000000 and 2, as the tools of Kubernetes read them; JSON stays as it is. */
    private static JsonNode decimal(JsonParser parser) throws IOException {
        if (!(parser instanceof YAMLParser)) {
            return DecimalNode.valueOf(parser.getDecimalValue());
        }
        String text = parser.getText().replace("_", "");
        try {
            BigDecimal number = new BigDecimal(text).stripTrailingZeros();
            boolean isShort = Math.abs(number.scale()) < MOST_DIGITS && number.precision() < MOST_DIGITS;
            return DecimalNode.valueOf(isShort ? new BigDecimal(number.toPlainString()) : number);
        } catch (NumberFormatException e) {
            // .inf and .nan, which JSON does not have
            return NODES.textNode(text);
        }
    }
}
