/* SPDX-License-Identifier: Apache-2.0 */
/** The forms an answer has: objects and lists as the API server frames them, Tables, metadata only. */
package dev.traversion.rewind.output;
