/* SPDX-License-Identifier: Apache-2.0 */
/** Get, list and watch of one resource at a moment. */
package dev.traversion.rewind.resource;
