/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.TraversionException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads objects when they are looked at, and keeps the last ones. Not safe for concurrent use. */
final class Bodies {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory PARSERS = JSON.getFactory();

    /** Bytes of text whose trees are kept; a tree takes about ten times its text. */
    private static final long KEPT = 8L << 20;

    /** Bytes that most objects have less than. */
    private static final int USUAL = 8 << 10;

    private record Tree(JsonNode body, int bytes) {}

    private final Map<Version, Tree> trees = new LinkedHashMap<>(64, 0.75f, true);
    private long kept;

    /** The object without managedFields; empty if nothing of it was recorded. */
    JsonNode tree(History history, Version version) {
        Tree known = trees.get(version);
        if (known != null) {
            return known.body();
        }
        byte[] text = text(history, version, false);
        Tree tree = new Tree(parse(version, text), text.length);
        trees.put(version, tree);
        kept += text.length;
        Iterator<Tree> oldest = trees.values().iterator();
        while (kept > KEPT && trees.size() > 1) {
            kept -= oldest.next().bytes();
            oldest.remove();
        }
        return tree.body();
    }

    private static JsonNode parse(Version version, byte[] text) {
        try {
            return text.length == 0 ? JSON.createObjectNode() : JSON.readTree(text);
        } catch (IOException e) {
            throw damaged(version, e);
        }
    }

    private static UncheckedIOException damaged(Version version, IOException cause) {
        return new UncheckedIOException(
                version.key() + " at resourceVersion " + version.resourceVersion() + " is no JSON", cause);
    }

    /** The bytes as recorded, with managedFields or without, which nobody keeps. */
    static byte[] text(History history, Version version, boolean managedFields) {
        byte[][] found = new byte[1][];
        ObjectVersion.Visitor take = each -> {
            boolean isIt = each.resourceVersion().equals(version.resourceVersion())
                    && (each.operation() == Operation.DELETED) == version.deleted();
            if (isIt) {
                found[0] = managedFields ? each.body() : bare(each);
            }
            return !isIt;
        };
        try {
            ObjectVersion state = version.deleted()
                    ? null
                    : history.get(version.key(), version.read()).orElse(null);
            if (state != null) {
                take.visit(state);
            }
            if (found[0] == null) {
                history.versions(version.key(), version.at(), version.at(), take);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (found[0] == null) {
            throw new TraversionException(version.key() + " at resourceVersion " + version.resourceVersion()
                    + " was removed from the recording while it was looked at. Ask again.");
        }
        return found[0];
    }

    private static byte[] bare(ObjectVersion version) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL);
        version.writeBody(out, false, 0);
        return out.toByteArray();
    }

    /** The object without its status, which takes a fraction of the time. */
    static JsonNode withoutStatus(History history, Version version, boolean managedFields) {
        return members(version, text(history, version, managedFields), "status", true);
    }

    /** The object with managedFields. */
    static JsonNode managed(History history, Version version) {
        return parse(version, text(history, version, true));
    }

    /** Only the metadata, without managedFields. */
    static JsonNode metadata(History history, Version version) {
        return members(version, text(history, version, false), "metadata", false)
                .path("metadata");
    }

    private static JsonNode members(Version version, byte[] text, String name, boolean others) {
        ObjectNode found = JSON.createObjectNode();
        if (text.length == 0) {
            return found;
        }
        try (JsonParser parser = PARSERS.createParser(text)) {
            parser.setCodec(JSON);
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String member = parser.currentName();
                parser.nextToken();
                if (!others && member.equals(name)) {
                    found.set(name, parser.<JsonNode>readValueAsTree());
                    return found;
                }
                if (others && !member.equals(name)) {
                    found.set(member, parser.<JsonNode>readValueAsTree());
                } else {
                    parser.skipChildren();
                }
            }
            return found;
        } catch (IOException e) {
            throw damaged(version, e);
        }
    }
}
