/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Where the items of a list lie in its text. */
public final class Items {

    private static final JsonFactory JSON = new JsonFactory();

    private Items() {}

    /** Start and end of each item, in characters. */
    public static List<int[]> of(String list) throws IOException {
        List<int[]> items = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(list)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isItems = parser.currentName().equals("items");
                if (parser.nextToken() != JsonToken.START_ARRAY || !isItems) {
                    parser.skipChildren();
                    continue;
                }
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    int start = (int) parser.currentTokenLocation().getCharOffset();
                    parser.skipChildren();
                    items.add(new int[] {start, (int) parser.currentLocation().getCharOffset()});
                }
            }
        }
        return items;
    }
}
