/* SPDX-License-Identifier: Apache-2.0 */
/** Label and field selectors with the API server's grammar and messages. */
package dev.traversion.rewind.selector;
