-- The marts under Vietnamese headings, for people who read tables and do not write queries.
create schema vi;
comment on schema vi is 'Marts under Vietnamese headings.';
