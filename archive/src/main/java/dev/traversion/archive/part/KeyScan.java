/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ResourceType;
import dev.traversion.archive.parquet.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds the keys in the sorted rows of a row group. */
final class KeyScan {

    private final List<ResourceType> types = new ArrayList<>();
    private int[] typeKeys = new int[8];
    private int[] keyRows = new int[1024];
    private int[] pathStarts = new int[1024];
    private int[] namespaceLengths = new int[1024];
    private byte[] paths = new byte[32 * 1024];
    private int keys;
    private int pathEnd;

    KeyScan(int rows, Words groups, Words resources, Words namespaces, Words names) {
        int lastType = -1;
        for (int row = 0; row < rows; row++) {
            boolean newType = row == 0 || changes(groups, row) || changes(resources, row);
            if (newType) {
                lastType++;
                typeKeys = lastType + 1 < typeKeys.length ? typeKeys : Arrays.copyOf(typeKeys, typeKeys.length * 2);
                typeKeys[lastType] = keys;
                types.add(new ResourceType(
                        groups.word(groups.ids()[row]), resources.word(resources.ids()[row])));
            }
            if (newType || changes(namespaces, row) || changes(names, row)) {
                addKey(row, namespaces, names);
            }
        }
        typeKeys = Arrays.copyOf(typeKeys, types.size() + 1);
        typeKeys[types.size()] = keys;
        keyRows = Arrays.copyOf(keyRows, keys + 1);
        keyRows[keys] = rows;
        pathStarts = Arrays.copyOf(pathStarts, keys + 1);
        pathStarts[keys] = pathEnd;
        paths = Arrays.copyOf(paths, pathEnd);
        namespaceLengths = Arrays.copyOf(namespaceLengths, keys);
    }

    private static boolean changes(Words words, int row) {
        return words.ids()[row] != words.ids()[row - 1];
    }

    private void addKey(int row, Words namespaces, Words names) {
        if (keys == keyRows.length) {
            keyRows = Arrays.copyOf(keyRows, keys * 2);
            pathStarts = Arrays.copyOf(pathStarts, keys * 2);
            namespaceLengths = Arrays.copyOf(namespaceLengths, keys * 2);
        }
        keyRows[keys] = row;
        pathStarts[keys] = pathEnd;
        int namespace = namespaces.ids()[row];
        int namespaceLength = namespaces.to(namespace) - namespaces.from(namespace);
        namespaceLengths[keys++] = namespaceLength;
        append(namespaces, namespace);
        if (namespaceLength > 0) {
            reserve(1);
            paths[pathEnd++] = '/';
        }
        append(names, names.ids()[row]);
    }

    private void append(Words words, int id) {
        int length = words.to(id) - words.from(id);
        reserve(length);
        System.arraycopy(words.entries(), words.from(id), paths, pathEnd, length);
        pathEnd += length;
    }

    private void reserve(int bytes) {
        if (paths.length - pathEnd < bytes) {
            paths = Arrays.copyOf(paths, Math.max(paths.length * 2, pathEnd + bytes));
        }
    }

    ResourceType[] types() {
        return types.toArray(new ResourceType[0]);
    }

    int[] typeKeys() {
        return typeKeys;
    }

    int[] keyRows() {
        return keyRows;
    }

    int[] pathStarts() {
        return pathStarts;
    }

    /** Names may contain a slash, so the path does not tell where the namespace ends. */
    int[] namespaceLengths() {
        return namespaceLengths;
    }

    byte[] paths() {
        return paths;
    }
}
