"""Words of SQL that the guard knows: what only writes have, and what is harmless. Pure data."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER_IN_A_READ = _words(
    """
    INSERT UPDATE DELETE MERGE INTO TRUNCATE DROP ALTER CREATE COPY GRANT REVOKE DO CALL ATTACH DETACH
    VACUUM REINDEX ANALYZE ANALYSE EXECUTE PREPARE DEALLOCATE LISTEN NOTIFY LOCK COMMENT REFRESH RESET
    DISCARD LOAD PRAGMA
    """
)
"""A plain read has them nowhere but in quotes, a plain write only where its own form puts them."""
PRAGMAS = _words(
    """
    foreign_key_check table_info table_xinfo table_list index_list index_info index_xinfo
    foreign_key_list integrity_check quick_check database_list compile_options wal_checkpoint
    """
)
"""Pragmas that read, or that move the log into the database; some take a name in brackets."""
ASKED_PRAGMAS = _words(
    """
    foreign_keys journal_mode synchronous page_count page_size busy_timeout defer_foreign_keys
    user_version secure_delete query_only recursive_triggers freelist_count schema_version
    """
)
"""Pragmas that only say something while they are given nothing."""
BEFORE_BRACKET = _words(
    """
    ALL AND ANY ARRAY AS BETWEEN BY CASE CONFLICT DISTINCT ELSE EXCEPT EXISTS FILTER FROM GROUPS HAVING
    IN INTERSECT IS JOIN LATERAL LIKE ILIKE LIMIT MATERIALIZED NOT OFFSET ON OR OVER RANGE RECURSIVE
    RETURNING ROW ROWS SELECT SET SOME THEN UNION USING VALUES WHEN WHERE WITHIN
    """
)
"""Words after which a bracket opens no call."""
FUNCTIONS = (
    _words(
        """
        count sum min max avg total group_concat string_agg array_agg bool_and bool_or every bit_and bit_or
        bit_xor stddev_pop stddev_samp var_pop var_samp corr covar_samp covar_pop regr_avgx regr_avgy
        regr_count regr_intercept regr_slope regr_sxx regr_sxy regr_syy cume_dist dense_rank first_value lag
        last_value lead nth_value ntile percent_rank percentile_cont rank row_number coalesce nullif ifnull
        iif greatest least cast convert typeof concat concat_ws length char_length octet_length lower upper
        trim ltrim rtrim btrim lpad rpad substr substring replace reverse repeat left right instr strpos
        position overlay printf format quote hex unhex ascii chr char unicode md5 sha1 sha224 sha256 sha384
        sha512 starts_with glob like regexp regexp_replace split_part initcap translate abs acos asin atan
        atan2 bitxor ceil ceiling cos cot degrees exp floor ln log mod pi power radians random rand round
        sign sin sqrt tan trunc extract date_part date_trunc date time datetime julianday unixepoch strftime
        now statement_timestamp clock_timestamp age make_date to_char to_date to_timestamp to_number
        """
    )
    | _words(
        """
        json json_array json_array_length json_each json_tree json_extract json_object json_type json_valid
        json_quote json_group_array json_group_object json_agg jsonb_agg jsonb_build_array
        jsonb_build_object json_build_array json_build_object jsonb_array_elements jsonb_array_elements_text
        jsonb_array_length jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text
        jsonb_object_agg jsonb_typeof jsonb_path_exists jsonb_path_query to_json to_jsonb array unnest
        array_length array_position array_to_string cardinality generate_series generate_subscripts isempty
        lower_inc upper_inc lower_inf upper_inf encode decode host to_tsvector to_tsquery plainto_tsquery
        websearch_to_tsquery phraseto_tsquery ts_rank ts_rank_cd ts_headline setweight
        """
    )
    | _words(
        """
        django_date_extract django_date_trunc django_datetime_cast_date django_datetime_cast_time
        django_datetime_extract django_datetime_trunc django_format_dtdelta django_time_diff
        django_time_extract django_time_trunc django_timestamp_diff pragma_table_info pragma_table_xinfo
        pragma_index_list pragma_index_info pragma_foreign_key_list pragma_table_list changes total_changes
        last_insert_rowid sqlite_version
        """
    )
    | _words(
        """
        current_setting current_database current_schema current_schemas pg_table_is_visible pg_get_expr
        pg_get_indexdef pg_get_constraintdef pg_get_serial_sequence pg_get_userbyid pg_get_triggerdef
        pg_has_role has_table_privilege obj_description col_description format_type version pg_backend_pid
        pg_database_size pg_total_relation_size pg_relation_size pg_is_in_recovery pg_current_wal_lsn
        pg_current_wal_insert_lsn pg_wal_lsn_diff
        """
    )
    | _words(
        """
        pg_advisory_xact_lock pg_try_advisory_xact_lock pg_advisory_xact_lock_shared
        pg_advisory_lock pg_advisory_unlock
        """
    )
    | _words(
        """
        numeric decimal varchar timestamp timestamptz bit varying integer text bigint
        """
    )
)
"""Functions that change nothing. One that is not here is refused: enter it when it is known to be harmless."""
